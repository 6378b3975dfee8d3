using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Graph;
using Strata.Compiler.Operators;
using Strata.Compiler.Declarations;

namespace Strata.Generator.Reading;

/// <summary>
/// Reads a class with [Network] into a declaration. It runs again for each edit of the class's files, and for all networks if
/// declarations elsewhere change, so it only reads. Expensive work comes after the cache.
/// </summary>
internal static class DeclarationReader
{
    /// <summary>C# 12 is needed because the emitted code overrides methods with <c>ref readonly</c> parameters.</summary>
    private const LanguageVersion LeastLanguageVersion = LanguageVersion.CSharp12;

    /// <summary>The folder of this generator's files. The analyzer sees these files, and the generator does not.</summary>
    private static readonly string GeneratedFolder = typeof(StrataGenerator).FullName;

    /// <summary>A format that writes a type in the same way, whatever a file imports and whether it enables nullable types.</summary>
    private static readonly SymbolDisplayFormat ParameterFormat =
        SymbolDisplayFormat.FullyQualifiedFormat.WithGlobalNamespaceStyle(SymbolDisplayGlobalNamespaceStyle.Omitted);

    private static readonly SymbolDisplayFormat NamespaceFormat = new(
        typeQualificationStyle: SymbolDisplayTypeQualificationStyle.NameAndContainingTypesAndNamespaces,
        miscellaneousOptions: SymbolDisplayMiscellaneousOptions.EscapeKeywordIdentifiers);

    /// <summary>The part of the class with [Network]; null if there is none, or if the attribute does not apply.</summary>
    public static TypeDeclarationSyntax? NetworkPart(INamedTypeSymbol type, KnownSymbols known, CancellationToken cancellationToken) =>
        Part(type, known, cancellationToken) is { } part and (ClassDeclarationSyntax or StructDeclarationSyntax) ? part : null;

    /// <summary>Whether a syntax node is the part of a type with [Network], if there is one. Records are among them.</summary>
    public static bool IsNetworkPart(
        SyntaxNode node, INamedTypeSymbol type, KnownSymbols known, CancellationToken cancellationToken) =>
        Part(type, known, cancellationToken) == node;

    /// <summary>The files that declare a class, and those of the types around it.</summary>
    public static IEnumerable<SyntaxTree> FilesAround(INamedTypeSymbol type) =>
        StackReader.FilesOf(type).Concat(type.ContainingType is { } container ? FilesAround(container) : []);

    /// <param name="type">A class with [Network].</param>
    /// <param name="compilation">The compilation that it belongs to.</param>
    /// <param name="origin">The declaration's attributes, from which their syntax can be found.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <returns>Null if [Network] is not on a class or a struct, or if a name is missing, which the compiler reports.</returns>
    public static NetworkDeclaration? Read(
        INamedTypeSymbol type,
        Compilation compilation,
        out DeclarationOrigin origin,
        CancellationToken cancellationToken)
    {
        origin = DeclarationOrigin.None;
        var known = KnownSymbols.Of(compilation);
        if (type.TypeKind is not (TypeKind.Class or TypeKind.Struct) || !IsNamed(type)
            || Part(type, known, cancellationToken) is not { } part)
        {
            return null;
        }

        var problems = new List<Problem>();
        bool hasTarget = CheckClass(type, part, compilation, problems, cancellationToken);
        AttributeData network = type.GetAttributes().First(attribute => known.IsNetworkAttribute(attribute.AttributeClass));
        bool isBound = StackReader.IsAttributeComplete(network, cancellationToken);
        if (!isBound)
        {
            problems.AddRange(BindingErrorReader.Read(network, compilation, cancellationToken));
        }

        ImmutableArray<AttributeData> attributes = StackAttributes(type, part, known, out int ownCount, cancellationToken);
        for (int i = ownCount; i < attributes.Length; i++)
        {
            problems.Add(ClassProblems.TwoParts(
                new Site(i, ""), AttributeDeclaration.KindOf(attributes[i].AttributeClass!.Name), type.Name, "Network"));
        }

        var reader = new StackReader(compilation, cancellationToken);
        EquatableArray<AttributeDeclaration> stack = attributes.Select(attribute => reader.Read(attribute)).ToEquatableArray();
        origin = new DeclarationOrigin(attributes, reader.Origins) { Files = [.. FilesAround(type), .. reader.Files] };
        return new NetworkDeclaration(
            type.Name,
            FullName(type),
            hasTarget ? Target(type, cancellationToken) : null,
            problems.ToEquatableArray(),
            NetworkSettings.Read(network.NamedArguments.Select(
                argument => new KeyValuePair<string, object?>(argument.Key, argument.Value.Value))),
            stack,
            reader.Blocks,
            isBound && reader.IsComplete,
            MaySuppress(type),
            OwnMembers(type).Select(member => member.Name).Distinct().OrderBy(name => name, StringComparer.Ordinal).ToEquatableArray(),
            OwnMembers(type).OfType<IMethodSymbol>().Where(method => SurfaceNames.Methods.Contains(method.Name)).Select(Signature)
                .OrderBy(signature => signature, StringComparer.Ordinal).ToEquatableArray(),
            InheritedMembers(known.Network ?? compilation.GetSpecialType(SpecialType.System_Object)))
        {
            Operators = reader.Operators,
            AreAllKnown = reader.AreAllKnown && !type.GetAttributes().Any(StackReader.IsMissing),
        };
    }

    /// <summary>
    /// The attributes of the network language. Those on the part with [Network] come first, in source order; those on other parts follow.
    /// </summary>
    private static ImmutableArray<AttributeData> StackAttributes(
        INamedTypeSymbol type, TypeDeclarationSyntax part, KnownSymbols known, out int ownCount, CancellationToken cancellationToken)
    {
        var own = new List<AttributeData>();
        var foreign = new List<AttributeData>();
        foreach (AttributeData attribute in type.GetAttributes())
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (attribute.AttributeClass is not { } attributeClass || attribute.ApplicationSyntaxReference is not { } reference)
            {
                continue;
            }

            bool onPart = reference.SyntaxTree == part.SyntaxTree && part.FullSpan.Contains(reference.Span);
            if (attributeClass.TypeKind == TypeKind.Error)
            {
                own.AddRange(onPart ? [attribute] : []);
            }
            else if (known.IsStackAttribute(attributeClass))
            {
                (onPart ? own : foreign).Add(attribute);
            }
        }

        ownCount = own.Count;
        own.Sort((left, right) => Cancellation.Checked(left.ApplicationSyntaxReference!.Span.Start)
            .CompareTo(right.ApplicationSyntaxReference!.Span.Start));
        return own.Concat(foreign).ToImmutableArray();
    }

    /// <summary>
    /// Whether the class, the types around it and the namespace have names. While the user still types <c>partial class ;</c> or
    /// <c>namespace Zoo.;</c>, they have none, and generated code would only add errors.
    /// </summary>
    private static bool IsNamed(INamedTypeSymbol type)
    {
        for (ISymbol? symbol = type;
            symbol is not null and not INamespaceSymbol { IsGlobalNamespace: true };
            symbol = symbol.ContainingSymbol)
        {
            if (symbol is INamedTypeSymbol or INamespaceSymbol && symbol.Name.Length == 0)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The name with namespace and containing types. Generic types have their arity.</summary>
    public static string FullName(INamedTypeSymbol type)
    {
        string name = type.MetadataName;
        for (INamedTypeSymbol? container = type.ContainingType; container is not null; container = container.ContainingType)
        {
            name = container.MetadataName + "." + name;
        }

        return type.ContainingNamespace.IsGlobalNamespace ? name : type.ContainingNamespace.ToDisplayString() + "." + name;
    }

    private static bool MaySuppress(INamedTypeSymbol type)
    {
        IEnumerable<AttributeData> attributes = type.ContainingAssembly.GetAttributes().Concat(type.ContainingModule.GetAttributes());
        for (INamedTypeSymbol? container = type; container is not null; container = container.ContainingType)
        {
            attributes = attributes.Concat(container.GetAttributes());
        }

        return attributes.Any(attribute =>
            attribute.AttributeClass?.Name is "SuppressMessageAttribute" or "UnconditionalSuppressMessageAttribute"
            && attribute.ConstructorArguments.Any(argument => argument is { Kind: TypedConstantKind.Primitive, Value: string text }
                && text.StartsWith("STRATA", StringComparison.OrdinalIgnoreCase)
                && !text.StartsWith("Strata.", StringComparison.Ordinal)));
    }

    private static TypeDeclarationSyntax? Part(INamedTypeSymbol type, KnownSymbols known, CancellationToken cancellationToken) =>
        type.GetAttributes()
            .FirstOrDefault(attribute => known.IsNetworkAttribute(attribute.AttributeClass))?
            .ApplicationSyntaxReference?
            .GetSyntax(cancellationToken)
            .FirstAncestorOrSelf<TypeDeclarationSyntax>();

    private static bool CheckClass(
        INamedTypeSymbol type,
        TypeDeclarationSyntax part,
        Compilation compilation,
        List<Problem> problems,
        CancellationToken cancellationToken)
    {
        int before = problems.Count;
        string name = type.Name;
        if (!part.Modifiers.Any(SyntaxKind.PartialKeyword))
        {
            problems.Add(ClassProblems.NotPartial(name));
        }

        void Unsupported(bool condition, string what, string remedy, string? modifier = null)
        {
            if (condition)
            {
                problems.Add(ClassProblems.Unsupported(
                    name, what, remedy,
                    modifier is not null && part.Modifiers.Any(token => token.ValueText == modifier)
                        ? [new Fix(FixKind.RemoveModifier, modifier)] : []));
            }
        }

        Unsupported(type.IsRecord, "a record, whose equality would compare weights", "Declare it as 'partial class'");
        Unsupported(
            type is { TypeKind: TypeKind.Struct, IsRecord: false }, "a struct, whose copies would share weights",
            "Declare it as 'partial class'");
        Unsupported(type.IsStatic, "static, but networks are instances with weights of their own", "Remove 'static'", "static");
        Unsupported(type.Arity > 0, "generic, but its code is written for one network", "Remove the type parameters");
        Unsupported(type.IsFileLocal, "file-local, but its generated part lies in another file", "Remove 'file'", "file");
        Unsupported(
            type.DeclaringSyntaxReferences.Any(
                reference => reference.GetSyntax(cancellationToken) is ClassDeclarationSyntax { ParameterList: not null }),
            "declared with a primary constructor, which the generated constructors cannot call",
            "Remove its parameters");

        CheckContainers(type, problems, cancellationToken);
        CheckBaseClass(type, part, compilation, problems, cancellationToken);
        bool hasTarget = problems.Count == before;
        Unsupported(type.IsAbstract && !type.IsStatic, "abstract, but its generated part is complete", "Remove 'abstract'", "abstract");
        if (part.SyntaxTree.Options is CSharpParseOptions options && options.LanguageVersion < LeastLanguageVersion)
        {
            problems.Add(BuildProblems.OldLanguage(
                name, options.LanguageVersion.ToDisplayString(), LeastLanguageVersion.ToDisplayString()));
        }

        CheckMembers(type, compilation, problems);
        return hasTarget;
    }

    private static void CheckBaseClass(
        INamedTypeSymbol type, TypeDeclarationSyntax part, Compilation compilation, List<Problem> problems,
        CancellationToken cancellationToken)
    {
        if (type.TypeKind == TypeKind.Class
            && type.BaseType is { SpecialType: not SpecialType.System_Object, TypeKind: not TypeKind.Error } baseType
            && !KnownSymbols.Of(compilation).IsNetwork(baseType))
        {
            problems.Add(ClassProblems.HasBaseClass(
                type.Name, baseType.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat),
                part.BaseList is { Types: var bases } && IsClass(bases[0].Type)));
        }

        // A partial class may have its base class on another part, and only interfaces on this one.
        bool IsClass(TypeSyntax written) =>
            compilation.GetSemanticModel(part.SyntaxTree).GetTypeInfo(written, cancellationToken).Type is { TypeKind: TypeKind.Class };
    }

    /// <summary>Checks the types around a network, since the generator writes another part of each.</summary>
    private static void CheckContainers(INamedTypeSymbol type, List<Problem> problems, CancellationToken cancellationToken)
    {
        for (INamedTypeSymbol? container = type.ContainingType; container is not null; container = container.ContainingType)
        {
            string containerName = container.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat);
            if (container.DeclaringSyntaxReferences.Any(reference =>
                reference.GetSyntax(cancellationToken) is TypeDeclarationSyntax syntax && !syntax.Modifiers.Any(SyntaxKind.PartialKeyword)))
            {
                problems.Add(ClassProblems.UnsupportedContainer(
                    type.Name, containerName, "not partial", $"Declare '{containerName}' partial"));
            }

            if (container.Arity > 0)
            {
                problems.Add(ClassProblems.UnsupportedContainer(type.Name, containerName, "generic", "Move the network out of it"));
            }

            if (container.IsFileLocal)
            {
                problems.Add(ClassProblems.UnsupportedContainer(type.Name, containerName, "file-local", "Move the network out of it"));
            }
        }
    }

    /// <summary>Reports members with names or signatures that the generator needs for itself.</summary>
    private static void CheckMembers(INamedTypeSymbol type, Compilation compilation, List<Problem> problems)
    {
        foreach (ISymbol member in OwnMembers(type))
        {
            // An overload of a generated method is allowed. Whether it is one can only be told from the whole surface.
            if (LayerNames.GeneratedMembers.Contains(member.Name)
                && !(member is IMethodSymbol && SurfaceNames.Methods.Contains(member.Name)))
            {
                problems.Add(ClassProblems.MemberClash(type.Name, member.Name));
            }
        }

        var known = KnownSymbols.Of(compilation);
        foreach (IMethodSymbol constructor in type.InstanceConstructors)
        {
            bool generated = constructor.Parameters.Length == 0
                || (constructor.Parameters.Length == 1
                    && (constructor.Parameters[0].Type.SpecialType == SpecialType.System_UInt64
                        || known.IsOptions(constructor.Parameters[0].Type)));
            if (generated && IsOwn(constructor))
            {
                problems.Add(ClassProblems.MemberClash(type.Name, $"{type.Name}{ParametersOf(constructor)}"));
            }
        }
    }

    private static string Signature(IMethodSymbol method) =>
        method.Name + (method.Arity > 0 || method.Parameters.Any(parameter => parameter.RefKind != RefKind.None) ? "<…>" : "")
        + ParametersOf(method);

    private static string ParametersOf(IMethodSymbol method) =>
        $"({string.Join(", ", method.Parameters.Select(parameter => parameter.Type.ToDisplayString(ParameterFormat)))})";

    private static IEnumerable<ISymbol> OwnMembers(INamedTypeSymbol type) => type.GetMembers().WithCancellation().Where(member =>
        IsOwn(member) && member is not IMethodSymbol { MethodKind: not MethodKind.Ordinary });

    private static bool IsOwn(ISymbol member) => !member.IsImplicitlyDeclared
        && member.Locations.Any(location => location.SourceTree is { } tree && !IsGenerated(tree));

    private static bool IsGenerated(SyntaxTree tree) => tree.FilePath.Split('/', '\\').Contains(GeneratedFolder);

    private static EquatableArray<string> InheritedMembers(INamedTypeSymbol? type)
    {
        var names = new SortedSet<string>(StringComparer.Ordinal);
        for (; type is not null; type = type.BaseType)
        {
            foreach (ISymbol member in type.GetMembers())
            {
                if (member is not IMethodSymbol { MethodKind: not MethodKind.Ordinary }
                    && member.DeclaredAccessibility is Accessibility.Public or Accessibility.Protected or Accessibility.ProtectedOrInternal)
                {
                    names.Add(member.Name);
                }
            }
        }

        return names.ToEquatableArray();
    }

    private static NetworkTarget Target(INamedTypeSymbol type, CancellationToken cancellationToken)
    {
        var containers = new List<string>();
        for (INamedTypeSymbol? container = type.ContainingType; container is not null; container = container.ContainingType)
        {
            string keyword = container switch
            {
                { TypeKind: TypeKind.Interface } => "interface",
                { IsRecord: true, TypeKind: TypeKind.Struct } => "record struct",
                { TypeKind: TypeKind.Struct } => "struct",
                { IsRecord: true } => "record",
                _ => "class",
            };
            containers.Insert(0, $"partial {keyword} {Escape(container.Name)}");
        }

        bool hasSummary = type.DeclaringSyntaxReferences
            .Where(reference => !IsGenerated(reference.SyntaxTree))
            .Any(reference => reference.GetSyntax(cancellationToken).GetLeadingTrivia()
                .Any(trivia => trivia.ToFullString().Contains("<summary")));
        return new NetworkTarget(
            type.ContainingNamespace.IsGlobalNamespace ? "" : type.ContainingNamespace.ToDisplayString(NamespaceFormat),
            containers.ToEquatableArray(),
            SyntaxFacts.GetText(type.DeclaredAccessibility),
            Escape(type.Name),
            type.IsSealed,
            hasSummary)
        {
            HasRequiredMembers = type.GetMembers()
                .Any(member => member is IPropertySymbol { IsRequired: true } or IFieldSymbol { IsRequired: true }),
        };
    }

    private static string Escape(string name) =>
        SyntaxFacts.GetKeywordKind(name) != SyntaxKind.None || SyntaxFacts.GetContextualKeywordKind(name) != SyntaxKind.None
            ? "@" + name
            : name;
}
