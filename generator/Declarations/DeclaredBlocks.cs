using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Strata.Generator.Operators;

namespace Strata.Generator.Declarations;

/// <summary>
/// The blocks that a referenced assembly declares in its metadata. They are read once for as long as the compiler keeps the reference:
/// that is from edit to edit, and a text is parsed when the first network uses its block.
/// </summary>
internal sealed class DeclaredBlocks
{
    /// <summary>An assembly has one for each of its blocks.</summary>
    public const string Attribute = "Strata.CompilerServices.DeclaredBlockAttribute";

    private static readonly ConditionalWeakTable<IAssemblySymbol, DeclaredBlocks> Known = new();

    private readonly ConcurrentDictionary<string, DeclaredBlock> _blocks = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (int Version, string Text)> _texts = new(StringComparer.Ordinal);
    private readonly string _name, _version, _strataVersion;

    private DeclaredBlocks(IAssemblySymbol assembly)
    {
        _name = assembly.Identity.Name;
        _version = assembly.Identity.Version.ToString(3);
        _strataVersion = assembly.Modules.SelectMany(module => module.ReferencedAssemblies)
            .FirstOrDefault(reference => reference.Name == "Strata")?.Version.ToString(3) ?? "";
        foreach (AttributeData attribute in assembly.GetAttributes())
        {
            ImmutableArray<TypedConstant> arguments = attribute.ConstructorArguments;
            object? ValueOf(int index) => index < arguments.Length && arguments[index].Kind == TypedConstantKind.Primitive
                ? arguments[index].Value : null;
            switch (attribute.AttributeClass?.Name)
            {
                // In several formats, the one that is known here counts.
                case "DeclaredBlockAttribute" when attribute.AttributeClass.ToDisplayString() == Attribute
                    && ValueOf(0) is string name && ValueOf(1) is int version && ValueOf(2) is string text
                    && (version == BlockText.Version || !_texts.ContainsKey(name)):
                    _texts[name] = (version, text);
                    break;
                case nameof(AssemblyInformationalVersionAttribute) when ValueOf(0) is string version:
                    _version = version.Split('+')[0];
                    break;
            }
        }
    }

    /// <summary>The version of the package that this generator is from.</summary>
    public static string OwnVersion { get; } = typeof(DeclaredBlocks).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()
        .InformationalVersion.Split('+')[0];

    public static DeclaredBlocks Of(IAssemblySymbol assembly) => Known.GetValue(assembly, static key => new DeclaredBlocks(key));

    /// <summary>
    /// A block; null if the assembly does not declare it, as older versions of Strata do not. A block that cannot be read says why.
    /// </summary>
    /// <param name="name">The full name of its class.</param>
    public DeclaredBlock? Find(string name) => _texts.ContainsKey(name) ? _blocks.GetOrAdd(name, Read) : null;

    /// <summary>A block that uses another one, which is not there.</summary>
    public BlockDeclaration Without(string key, string nested)
    {
        string assembly = AssemblyOf(nested, out string name) ?? _name;
        string problem = $"uses {name} of {assembly}, which this project does not have";
        return Refused(key, problem, $"Reference the version of {assembly} that it was built with").Block;
    }

    /// <summary>The class of a block or a network that a block names; null if it is not there.</summary>
    /// <param name="assembly">The assembly of the block that names it.</param>
    /// <param name="key">Its key in that assembly.</param>
    public static INamedTypeSymbol? FindType(IAssemblySymbol assembly, string key)
    {
        if (AssemblyOf(key, out string name) is { } other)
        {
            IAssemblySymbol? found = assembly.Modules.SelectMany(module => module.ReferencedAssemblySymbols)
                .FirstOrDefault(reference => reference.Identity.Name == other);
            return found is null ? null : FindType(found, name);
        }

        // Full names have dots for nested classes, too.
        for (int dot = name.Length; dot > 0; dot = name.LastIndexOf('.', dot - 1))
        {
            string metadataName = name.Substring(0, dot) + name.Substring(dot).Replace('.', '+');
            if (assembly.GetTypeByMetadataName(metadataName) is { } type)
            {
                return type;
            }
        }

        return null;
    }

    /// <summary>The full name in the key of a class.</summary>
    public static string NameOf(string key)
    {
        AssemblyOf(key, out string name);
        return name;
    }

    /// <summary>The assembly's name in the key of a class of another assembly; null for one of the same.</summary>
    private static string? AssemblyOf(string key, out string name)
    {
        int end = key.StartsWith("[", StringComparison.Ordinal) ? key.IndexOf("].", StringComparison.Ordinal) : -1;
        name = end < 0 ? key : key.Substring(end + 2);
        return end < 0 ? null : key.Substring(1, end - 1);
    }

    private DeclaredBlock Read(string name)
    {
        (int version, string text) = _texts[name];
        string own = $"Strata {OwnVersion}, which this project uses,", remedy = $"Build {_name} with this version of Strata";
        if (version != BlockText.Version)
        {
            string writer = _strataVersion.Length > 0 ? $"Strata {_strataVersion}" : "the version of Strata that built it";
            return Refused(
                name, $"is declared there in format {Number(version)} of {writer}, but {own} reads format {Number(BlockText.Version)}",
                version > BlockText.Version ? $"Reference {writer} or a later version" : remedy);
        }

        return BlockText.TryRead(name, text, out string reason)
            ?? Refused(name, $"is declared there in a text that {own} cannot read: {reason}", remedy);
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    private DeclaredBlock Refused(string key, string problem, string remedy) => new(
        new BlockDeclaration(key, true, EquatableArray<BlockConstant>.Empty, EquatableArray<AttributeDeclaration>.Empty, 0)
        {
            Refusal = EquatableArray.Of($"{_name} {_version}", problem, remedy),
        },
        EquatableArray<ParameterDefault>.Empty);
}
