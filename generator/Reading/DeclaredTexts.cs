using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Strata.Compiler.Declarations;

namespace Strata.Generator.Reading;

/// <summary>
/// The texts with which a referenced assembly declares its blocks and operators. They are kept as long as the compiler keeps the reference,
/// that is from edit to edit.
/// </summary>
internal sealed class DeclaredTexts
{
    private static readonly ConditionalWeakTable<IAssemblySymbol, DeclaredTexts> Known = new();

    private readonly Dictionary<(DeclaredFormat Format, string Name), (int Version, string Text)> _texts = [];
    private readonly string _name, _version, _strataVersion;

    private DeclaredTexts(IAssemblySymbol assembly)
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
            if (DeclaredFormat.Of(attribute.AttributeClass) is { } format)
            {
                // An assembly may have a text in several formats. The format of this version is read.
                if (ValueOf(0) is string name && ValueOf(1) is int version && ValueOf(2) is string text
                    && (version == format.Version || !_texts.ContainsKey((format, name))))
                {
                    _texts[(format, name)] = (version, text);
                }
            }
            else if (attribute.AttributeClass?.Name == nameof(AssemblyInformationalVersionAttribute) && ValueOf(0) is string version)
            {
                _version = version.Split('+')[0];
            }
        }
    }

    /// <summary>The version of the package that this generator is from.</summary>
    public static string OwnVersion { get; } = typeof(DeclaredTexts).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()
        .InformationalVersion.Split('+')[0];

    /// <summary>The assembly with its version, for messages.</summary>
    public string Assembly => $"{_name} {_version}";

    public static DeclaredTexts Of(IAssemblySymbol assembly) => Known.GetValue(assembly, static key => new DeclaredTexts(key));

    public bool Has(DeclaredFormat format, string name) => _texts.ContainsKey((format, name));

    /// <summary>Reads a text.</summary>
    /// <param name="name">The full name of the class that it declares.</param>
    /// <param name="parse">Parses the text. If it cannot be read, the result is null, with what is wrong.</param>
    /// <param name="refusal">Why the result is null; null if it is not.</param>
    public T? Read<T>(DeclaredFormat format, string name, Parser<T> parse, out Refusal? refusal)
        where T : class
    {
        (int version, string text) = _texts[(format, name)];
        string own = $"Strata {OwnVersion}, which this project uses,", remedy = $"Build {_name} with this version of Strata";
        int known = format.Version;
        if (version != known)
        {
            string writer = _strataVersion.Length > 0 ? $"Strata {_strataVersion}" : "the version of Strata that built it";
            refusal = new Refusal(
                Assembly, $"is declared there in format {Number(version)} of {writer}, but {own} reads format {Number(known)}",
                version > known ? $"Reference {writer} or a later version" : remedy);
            return null;
        }

        T? result = parse(text, out string problem);
        refusal = result is not null ? null
            : new Refusal(Assembly, $"is declared there in a text that {own} cannot read: {problem}", remedy);
        return result;
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>Parses a text. If it cannot be read, the result is null, with what is wrong.</summary>
    public delegate T? Parser<out T>(string text, out string problem);
}

/// <summary>How an assembly declares its blocks, or its operators, to others: by an attribute for each, which holds a text.</summary>
/// <param name="Attribute">The attribute, as C# writes it.</param>
/// <param name="Version">The version of the texts that this generator reads and writes.</param>
internal sealed record DeclaredFormat(string Attribute, int Version)
{
    public static readonly DeclaredFormat Blocks = new("DeclaredBlock", BlockText.Version);

    public static readonly DeclaredFormat Operators = new("DeclaredOperator", OperatorText.Version);

    /// <summary>The format to which an attribute belongs; null if it is another attribute.</summary>
    public static DeclaredFormat? Of(INamedTypeSymbol? attribute)
    {
        bool isStratas = attribute is
        {
            ContainingAssembly.Name: "Strata", ContainingNamespace: { Name: "CompilerServices", ContainingNamespace.Name: "Strata" },
        };
        return !isStratas ? null
            : new[] { Blocks, Operators }.FirstOrDefault(format => format.Attribute + "Attribute" == attribute!.Name);
    }
}
