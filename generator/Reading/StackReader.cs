using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Operators;
using Strata.Compiler.Declarations;

namespace Strata.Generator.Reading;

/// <summary>Reads the attributes of a network and of the blocks that it uses.</summary>
/// <param name="compilation">The compilation of the network.</param>
/// <param name="cancellationToken">Cancels the reading.</param>
internal sealed class StackReader(Compilation compilation, CancellationToken cancellationToken)
{
    private readonly Dictionary<string, BlockDeclaration> _blocks = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ImmutableArray<AttributeData>> _origins = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DeclaredOperator> _operators = new(StringComparer.Ordinal);
    private readonly HashSet<SyntaxTree> _files = [];
    private readonly KnownSymbols _known = KnownSymbols.Of(compilation);
    private int _depth;

    /// <summary>Whether to read only the blocks themselves, and not the blocks that they use.</summary>
    public bool IsShallow { get; init; }

    /// <summary>False if the compiler reports an error in an attribute whose class exists.</summary>
    public bool IsComplete { get; private set; } = true;

    /// <summary>False if the class of an attribute does not exist. Other generators have not run yet, and may still add it.</summary>
    public bool AreAllKnown { get; private set; } = true;

    /// <summary>The operators that the attributes may mean: the built-in ones, and those of the project and its references.</summary>
    public OperatorSet Operators => OperatorSet.With(_operators.Values.Select(declared => DeclaredUse.OperatorOf(declared)));

    /// <summary>The blocks that were found, without duplicates.</summary>
    public EquatableArray<BlockDeclaration> Blocks =>
        _blocks.Values.OrderBy(block => block.Key, StringComparer.Ordinal).ToEquatableArray();

    /// <summary>The attributes of each block, in the order of its declaration.</summary>
    public IReadOnlyDictionary<string, ImmutableArray<AttributeData>> Origins => _origins;

    /// <summary>The files of all classes that were read: blocks, operators, and other attributes of the project.</summary>
    public IReadOnlyCollection<SyntaxTree> Files => _files;

    /// <summary>The files that declare a class; none for a class of another assembly.</summary>
    public static IEnumerable<SyntaxTree> FilesOf(INamedTypeSymbol type) =>
        type.DeclaringSyntaxReferences.Select(reference => reference.SyntaxTree);

    /// <summary>Reads one attribute, and its block if it is one.</summary>
    /// <param name="scope">The block on which the attribute is; null for a network, which has no parameters.</param>
    public AttributeDeclaration Read(AttributeData attribute, INamedTypeSymbol? scope = null)
    {
        cancellationToken.ThrowIfCancellationRequested();
        INamedTypeSymbol type = attribute.AttributeClass!;
        if (type.TypeKind == TypeKind.Error)
        {
            AreAllKnown = false;
            return BindingErrorReader.Unknown(attribute, Constants(attribute).ToEquatableArray(), compilation, cancellationToken);
        }

        _files.UnionWith(FilesOf(type));
        bool isComplete = IsAttributeComplete(attribute, cancellationToken);
        IsComplete &= isComplete;
        string? block = null;
        bool isOperator = OperatorReader.IsOperator(type, compilation);
        if (isOperator)
        {
            ReadOperator(type);
        }
        else if (_known.IsBlock(type))
        {
            block = _known.IsLayersOf(type)
                ? attribute.ConstructorArguments.FirstOrDefault().Value is INamedTypeSymbol network ? ReadBlock(network) : ""
                : ReadBlock(type);
        }

        return new AttributeDeclaration(
            isOperator ? KeyOf(type) : DeclarationReader.FullName(type),
            Arguments(attribute, isComplete, scope, block is not null || isOperator ? type : null).ToEquatableArray(),
            block)
        {
            // The advice on the order of an input's extents depends on it.
            NamesArguments = _known.IsInput(type)
                && attribute.ApplicationSyntaxReference?.GetSyntax(
                    cancellationToken) is AttributeSyntax { ArgumentList.Arguments: var written }
                && written.Any(argument => argument.NameColon is not null),
            IsBound = isComplete,
            BindingErrors = isComplete ? EquatableArray<Problem>.Empty : BindingErrorReader.Read(attribute, compilation, cancellationToken),
        };
    }

    /// <summary>Reads a block for other projects. Null if the compiler does not know all its attributes and their arguments.</summary>
    public DeclaredBlock? ReadDeclared(INamedTypeSymbol type)
    {
        BlockDeclaration block = _blocks[ReadBlock(type)];
        EquatableArray<ParameterDefault> defaults = DefaultsOf(type);
        return IsComplete && AreAllKnown ? new DeclaredBlock(block, defaults) : null;
    }

    /// <summary>Reads the class of a declared operator, unless it has been read before.</summary>
    private void ReadOperator(INamedTypeSymbol type)
    {
        string key = KeyOf(type);
        if (!_operators.ContainsKey(key))
        {
            if (IsForeign(type))
            {
                _operators.Add(key, DeclaredClasses.Of(type.ContainingAssembly)
                    .Operator(DeclarationReader.FullName(type), key, _known.IsElementwiseLoss(type)));
                return;
            }

            ReadOperator read = OperatorReader.Read(type, compilation, cancellationToken);
            _operators.Add(key, read.Operator);
            _files.UnionWith(read.Files);
        }
    }

    private string ReadBlock(INamedTypeSymbol type)
    {
        string key = KeyOf(type);
        if (_blocks.ContainsKey(key) || _depth > (IsShallow ? 0 : Expansion.MostNested))
        {
            // Stop here. Blocks that are nested too deeply are reported, and not expanded.
            return key;
        }

        _files.UnionWith(FilesOf(type));

        // Add a placeholder while the block is read: the block may use itself.
        _depth++;
        _blocks.Add(key,
            new BlockDeclaration(key, false, EquatableArray<BlockConstant>.Empty, EquatableArray<AttributeDeclaration>.Empty, 0));
        bool isBlock = _known.IsBlock(type), isCompiled = IsForeign(type);
        if (isBlock && isCompiled && DeclaredClasses.Of(type.ContainingAssembly).Block(DeclarationReader.FullName(type)) is { } declared)
        {
            _blocks[key] = Linked(declared.Block, key, type.ContainingAssembly);

            // The attributes of another assembly have no place in the source of this project.
            _origins[key] = _blocks[key].Attributes.Select(_ => (AttributeData)null!).ToImmutableArray();
            _depth--;
            return key;
        }

        ImmutableArray<AttributeData> attributes = Sorted(
            type.GetAttributes().Where(attribute => IsRead(attribute, isBlock)), out int ownCount);
        _origins[key] = attributes;
        _blocks[key] = new BlockDeclaration(
            key,
            isCompiled,
            isBlock && !isCompiled ? Constants(type) : EquatableArray<BlockConstant>.Empty,
            attributes.Select(attribute => Read(attribute, isBlock && !isCompiled ? type : null)).ToEquatableArray(),
            ownCount);
        _depth--;
        return key;
    }

    /// <summary>
    /// A block of another assembly. The blocks and operators that it uses are read, too, and get the keys that they have in this project.
    /// </summary>
    private BlockDeclaration Linked(BlockDeclaration block, string key, IAssemblySymbol assembly)
    {
        var attributes = new List<AttributeDeclaration>();
        foreach (AttributeDeclaration attribute in block.Attributes)
        {
            bool isBuiltIn = attribute.Block is null && attribute.Type == AttributeDeclaration.BuiltInType(attribute.Kind);
            string used = attribute.Block ?? attribute.Type;
            INamedTypeSymbol? type = isBuiltIn ? null : DeclaredClasses.FindType(assembly, used);
            if (type is null && !isBuiltIn)
            {
                return DeclaredClasses.Of(assembly).Without(key, used);
            }

            attributes.Add(type is null ? attribute
                : attribute.Block is not null ? attribute with { Block = ReadBlock(type) } : LinkedOperator(attribute, type));
        }

        return block with { Key = key, Attributes = attributes.ToEquatableArray() };
    }

    /// <summary>A layer of a block of another assembly that is not part of Strata. It is an operator that the assembly knows.</summary>
    private AttributeDeclaration LinkedOperator(AttributeDeclaration attribute, INamedTypeSymbol type)
    {
        if (!OperatorReader.IsOperator(type, compilation))
        {
            return attribute;
        }

        ReadOperator(type);
        return attribute with { Type = KeyOf(type) };
    }

    /// <summary>
    /// The key of a class. For a class of another assembly, the assembly's name precedes the full name, since two assemblies may have
    /// classes of the same name.
    /// </summary>
    private string KeyOf(INamedTypeSymbol type)
    {
        string name = DeclarationReader.FullName(type);
        return IsForeign(type) ? $"[{type.ContainingAssembly.Identity.Name}].{name}" : name;
    }

    /// <summary>
    /// Whether a class comes from another assembly. It does not matter that an editor may know its source: a build does not, and both must
    /// give the same result.
    /// </summary>
    private bool IsForeign(INamedTypeSymbol type) => !SymbolEqualityComparer.Default.Equals(type.ContainingAssembly, compilation.Assembly);

    /// <summary>
    /// Whether an attribute of a block is read, or of another network: [LayersOf] takes all but its input, its sizes, and its budget. A
    /// block may not have these.
    /// </summary>
    private bool IsRead(AttributeData attribute, bool isBlock) => attribute.AttributeClass is { } type
        && (IsMissing(attribute) || (_known.IsStackAttribute(type) && (isBlock || !_known.IsOfNetwork(type))));

    /// <summary>
    /// Whether the class of an attribute does not exist. Only attributes in this compilation count: the user can correct only these.
    /// </summary>
    public static bool IsMissing(AttributeData attribute) =>
        attribute is { AttributeClass.TypeKind: TypeKind.Error, ApplicationSyntaxReference: not null };

    /// <summary>
    /// Sorts attributes in source order. Those on the first part of a partial class come first. Attributes from another assembly are
    /// already sorted.
    /// </summary>
    private ImmutableArray<AttributeData> Sorted(IEnumerable<AttributeData> attributes, out int ownCount)
    {
        List<IGrouping<SyntaxNode?, AttributeData>> parts = attributes
            .GroupBy(
                attribute =>
                    attribute.ApplicationSyntaxReference?.GetSyntax(cancellationToken)
                        .FirstAncestorOrSelf<TypeDeclarationSyntax>() as SyntaxNode)
            .ToList();
        ownCount = parts.Count == 0 ? 0 : parts[0].Count();
        return parts.SelectMany(part => part
                .OrderBy(attribute => Cancellation.Checked(attribute.ApplicationSyntaxReference?.Span.Start ?? 0)))
            .ToImmutableArray();
    }

    private EquatableArray<BlockConstant> Constants(INamedTypeSymbol type)
    {
        IsComplete &= ConstantReader.AreComplete(type);
        return ConstantReader.Read(type, compilation, cancellationToken);
    }

    /// <summary>The type of a constant. Enums are read as numbers.</summary>
    public static ConstantType TypeOf(ITypeSymbol? type)
    {
        ITypeSymbol? known = type is INamedTypeSymbol { TypeKind: TypeKind.Enum, EnumUnderlyingType: { } underlying } ? underlying : type;
        return known is null or { SpecialType: SpecialType.None } ? ConstantType.None
            : Enum.TryParse(known.Name, out ConstantType constant) ? constant : ConstantType.Object;
    }

    /// <param name="isComplete">Whether the compiler could compute all arguments. Only then is it known that their expressions have
    /// values.</param>
    /// <param name="scope">The block that has the attribute.</param>
    /// <param name="block">
    /// The block or operator that the attribute stands for. The defaults of its constructor may be expressions, too.
    /// </param>
    private IEnumerable<AttributeArgument> Arguments(AttributeData attribute, bool isComplete, INamedTypeSymbol? scope,
        INamedTypeSymbol? block)
    {
        Dictionary<string, ConstantExpression> expressions = Expressions(attribute, isComplete ? scope : null,
            out HashSet<string>? written);
        bool IsDefault(IParameterSymbol parameter, TypedConstant value) => written is not null
            ? !written.Contains(parameter.Name)
            : parameter.HasExplicitDefaultValue && value.Kind != TypedConstantKind.Array
                && Equals(parameter.ExplicitDefaultValue, value.Value);
        if (attribute.AttributeConstructor is { } constructor)
        {
            EquatableArray<ParameterDefault>? defaults = null;
            for (int i = 0; i < Math.Min(constructor.Parameters.Length, attribute.ConstructorArguments.Length); i++)
            {
                IParameterSymbol parameter = constructor.Parameters[i];
                object? value = expressions.TryGetValue(parameter.Name, out ConstantExpression expression)
                    ? expression
                    : Value(attribute.ConstructorArguments[i]);
                bool isDefault = block is not null && IsDefault(parameter, attribute.ConstructorArguments[i]);
                if (isDefault && isComplete)
                {
                    value = ParameterDefaultReader.Find(defaults ??= DefaultsOf(block!), parameter) ?? value;
                }

                yield return new AttributeArgument(parameter.Name, value, isDefault);
            }
        }

        foreach (KeyValuePair<string, TypedConstant> argument in attribute.NamedArguments)
        {
            yield return new AttributeArgument(
                argument.Key,
                expressions.TryGetValue(argument.Key, out ConstantExpression expression) ? expression : Value(argument.Value));
        }

        if (attribute.NamedArguments.IsEmpty && !isComplete)
        {
            foreach (AttributeArgument argument in Constants(attribute))
            {
                yield return argument;
            }
        }
    }

    /// <summary>
    /// The constants among the arguments. If one argument is wrong, the compiler may report no values at all. These constants still give
    /// the network's members their names, so that the wrong argument is the only error.
    /// </summary>
    private IEnumerable<AttributeArgument> Constants(AttributeData attribute)
    {
        if (attribute.ApplicationSyntaxReference is not { } reference || !compilation.ContainsSyntaxTree(reference.SyntaxTree)
            || reference.GetSyntax(cancellationToken) is not AttributeSyntax { ArgumentList.Arguments: var written })
        {
            yield break;
        }

        SemanticModel model = compilation.GetSemanticModel(reference.SyntaxTree);
        foreach (AttributeArgumentSyntax argument in written.Where(argument => argument.NameEquals is not null))
        {
            if (model.GetConstantValue(argument.Expression, cancellationToken).Value is { } value && value is string or int or bool)
            {
                yield return new AttributeArgument(argument.NameEquals!.Name.Identifier.ValueText, value);
            }
        }
    }

    /// <summary>The parameters of a block or an operator whose defaults are expressions of its constants.</summary>
    private EquatableArray<ParameterDefault> DefaultsOf(INamedTypeSymbol type) =>
        _operators.TryGetValue(KeyOf(type), out DeclaredOperator? declared) ? declared.Defaults
        : !IsForeign(type) ? ParameterDefaultReader.ReadAll(type, compilation, cancellationToken)
        : DeclaredClasses.Of(type.ContainingAssembly).Block(DeclarationReader.FullName(type))?.Defaults
            ?? EquatableArray<ParameterDefault>.Empty;

    /// <summary>The arguments whose values depend on the use of the scope's block.</summary>
    /// <param name="written">The names of the arguments that are written; null if they are not known.</param>
    private Dictionary<string, ConstantExpression> Expressions(AttributeData attribute, INamedTypeSymbol? scope,
        out HashSet<string>? written)
    {
        var expressions = new Dictionary<string, ConstantExpression>(StringComparer.Ordinal);
        written = null;
        if (attribute.ApplicationSyntaxReference is not { } reference || !compilation.ContainsSyntaxTree(reference.SyntaxTree)
            || reference.GetSyntax(cancellationToken) is not AttributeSyntax syntax)
        {
            return expressions;
        }

        written = new HashSet<string>(StringComparer.Ordinal);
        if (syntax.ArgumentList is not { } list)
        {
            return expressions;
        }

        ExpressionReader? reader = scope is null
            ? null
            : new ExpressionReader(compilation.GetSemanticModel(syntax.SyntaxTree), scope, cancellationToken);
        ImmutableArray<IParameterSymbol> parameters = attribute.AttributeConstructor?.Parameters ?? ImmutableArray<IParameterSymbol>.Empty;
        for (int i = 0; i < list.Arguments.Count; i++)
        {
            AttributeArgumentSyntax argument = list.Arguments[i];
            IParameterSymbol? parameter = argument.NameColon is { } colon
                ? parameters.FirstOrDefault(candidate => candidate.Name == colon.Name.Identifier.ValueText)
                : argument.NameEquals is null && !parameters.IsEmpty ? parameters[Math.Min(i, parameters.Length - 1)] : null;
            string? name = argument.NameEquals?.Name.Identifier.ValueText ?? parameter?.Name;
            if (name is null || !written.Add(name) || reader is null)
            {
                continue;
            }

            // The elements of a params array are written as separate arguments.
            ConstantExpression expression =
                parameter is { IsParams: true, Type: IArrayTypeSymbol elements } && !reader.IsArray(argument.Expression)
                ? new ArrayExpression(
                    list.Arguments.Skip(i).TakeWhile(element => element.NameEquals is null)
                        .Select(element => reader.Read(element.Expression)).ToEquatableArray(),
                    TypeOf(elements.ElementType))
                : reader.Read(argument.Expression);
            if (expression is not ConstantValue
                && !(expression is ArrayExpression array && array.Elements.All(element => element is ConstantValue)))
            {
                expressions.Add(name, expression);
            }
        }

        return expressions;
    }

    /// <summary>A constant's plain value. A typeof has none: its value is a symbol.</summary>
    private static object? Value(TypedConstant constant)
    {
        switch (constant)
        {
            case { Kind: TypedConstantKind.Primitive or TypedConstantKind.Enum }:
                return constant.Value;
            case
            {
                Kind: TypedConstantKind.Array, IsNull: false,
                Type: IArrayTypeSymbol { ElementType.SpecialType: SpecialType.System_Double }
            }:
                return constant.Values.Select(value => value.Value is double number ? number : double.NaN).ToEquatableArray();
            case
            {
                Kind: TypedConstantKind.Array, IsNull: false,
                Type: IArrayTypeSymbol { ElementType.SpecialType: SpecialType.System_Int32 }
            }:
                return constant.Values.Select(value => value.Value is int number ? number : 0).ToEquatableArray();
            case
            {
                Kind: TypedConstantKind.Array, IsNull: false,
                Type: IArrayTypeSymbol { ElementType.SpecialType: SpecialType.System_String }
            }:
                return constant.Values.Select(value => value.Value as string ?? "").ToEquatableArray();
            default:
                return null;
        }
    }

    /// <summary>Whether the compiler could compute all arguments. If it could not, it reports an error itself.</summary>
    public static bool IsAttributeComplete(AttributeData attribute, CancellationToken cancellationToken)
    {
        if (attribute.AttributeConstructor is null
            || attribute.ConstructorArguments.Any(argument => argument.Kind == TypedConstantKind.Error)
            || attribute.NamedArguments.Any(argument => argument.Value.Kind == TypedConstantKind.Error))
        {
            return false;
        }

        if (attribute.ApplicationSyntaxReference?.GetSyntax(cancellationToken) is not AttributeSyntax syntax)
        {
            return true;
        }

        AttributeArgumentSyntax[] named = [.. (syntax.ArgumentList?.Arguments ?? default)
            .Where(argument => argument.NameEquals is not null)];
        return named.Length == attribute.NamedArguments.Length
            && named.Select(argument => argument.NameEquals!.Name.Identifier.ValueText).Distinct().Count() == named.Length
            && !named
                .Zip(attribute.NamedArguments, (written, argument) => NeedsCast(written.Expression, argument.Value.Type)).Contains(true)
            && !(syntax.ContainsDiagnostics && syntax.GetDiagnostics().Any(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error));
    }

    /// <summary>
    /// Whether a number needs a cast to be a property's value. The compiler reports this, but gives the value as if there were a cast.
    /// </summary>
    private static bool NeedsCast(ExpressionSyntax expression, ITypeSymbol? type)
    {
        if (type is not ({ SpecialType: SpecialType.System_Int32 } or { TypeKind: TypeKind.Enum }))
        {
            return false;
        }

        List<object?> numbers = [];
        foreach (SyntaxNode node in expression.DescendantNodesAndSelf())
        {
            if (node is CastExpressionSyntax or MemberAccessExpressionSyntax)
            {
                return false;
            }

            numbers.AddRange(node is LiteralExpressionSyntax literal ? [literal.Token.Value] : []);
        }

        return type.TypeKind == TypeKind.Enum
            ? expression is LiteralExpressionSyntax && numbers[0] is not (null or 0)
            : numbers.Exists(number => number is double or float or decimal);
    }
}
