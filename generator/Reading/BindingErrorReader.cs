using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Operators;
using Strata.Compiler.Declarations;

namespace Strata.Generator.Reading;

/// <summary>
/// Says what is wrong with an attribute that the C# compiler refuses, and what to write instead. The compiler only says that no
/// constructor fits. What other generators may still add, such as an unknown constant, is left to the compiler.
/// </summary>
/// <remarks>The problems' sites are relative to the attribute. The argument <c>[2]</c> is the third one that is written.</remarks>
internal sealed class BindingErrorReader
{
    /// <summary>PyTorch's names of arguments that follow from the input here, without underscores.</summary>
    private static readonly string[] KnownOfInput =
        ["inchannels", "infeatures", "numfeatures", "numchannels", "numparameters", "normalizedshape", "dim", "axis"];

    /// <summary>PyTorch's names that do not resemble ours.</summary>
    private static readonly Dictionary<string, string> PyTorchNames = new(StringComparer.Ordinal)
    {
        ["outchannels"] = "filters",
        ["outfeatures"] = "units",
        ["p"] = "rate",
    };

    private readonly AttributeSyntax _syntax;
    private readonly SemanticModel _model;
    private readonly CancellationToken _cancellationToken;
    private readonly string _kind;
    private readonly Operator? _operator;
    private readonly AttributeArgumentSyntax[] _arguments, _positional;
    private readonly IMethodSymbol[] _constructors;
    private readonly IPropertySymbol[] _properties;
    private readonly List<Problem> _problems = [];

    private BindingErrorReader(AttributeSyntax syntax, INamedTypeSymbol type, SemanticModel model, CancellationToken cancellationToken)
    {
        (_syntax, _model, _cancellationToken) = (syntax, model, cancellationToken);
        _kind = AttributeDeclaration.KindOf(type.Name);
        _operator = OperatorSet.BuiltIn.Find(DeclarationReader.FullName(type));
        _arguments = syntax.ArgumentList?.Arguments.ToArray() ?? [];
        _positional = [.. _arguments.Where(argument => argument.NameEquals is null)];
        _constructors = [.. type.InstanceConstructors
            .Where(constructor => constructor.DeclaredAccessibility == Accessibility.Public)
            .OrderBy(constructor => constructor.Parameters.Length)];
        _properties = [.. Ancestors(type).SelectMany(ancestor => ancestor.GetMembers().OfType<IPropertySymbol>())
            .Where(property => property.DeclaredAccessibility == Accessibility.Public && !property.IsStatic && property.Name != "TypeId")];
    }

    /// <summary>What is wrong with an attribute whose class is known.</summary>
    public static EquatableArray<Problem> Read(AttributeData attribute, Compilation compilation, CancellationToken cancellationToken)
    {
        if (attribute.AttributeClass is not { TypeKind: TypeKind.Class } type
            || attribute.ApplicationSyntaxReference is not { } reference
            || !compilation.ContainsSyntaxTree(reference.SyntaxTree)
            || reference.GetSyntax(cancellationToken) is not AttributeSyntax syntax)
        {
            return EquatableArray<Problem>.Empty;
        }

        var reader = new BindingErrorReader(syntax, type, compilation.GetSemanticModel(syntax.SyntaxTree), cancellationToken);
        reader.CheckNames();
        if (reader._constructors.Length > 0)
        {
            reader.CheckPositions();
        }

        return reader._problems.ToEquatableArray();
    }

    /// <summary>Reads an attribute whose class does not exist as the operator that was most likely meant, if there is one.</summary>
    public static AttributeDeclaration Unknown(
        AttributeData attribute, EquatableArray<AttributeArgument> arguments, Compilation compilation, CancellationToken cancellationToken)
    {
        string name = attribute.AttributeClass is { } type ? AttributeDeclaration.KindOf(type.Name) : "";
        INamedTypeSymbol[] blocks = [.. Blocks(compilation, cancellationToken)];
        (string? meant, string remedy, bool keepsArguments) =
            ForeignNames.Meant(name, blocks.Select(block => AttributeDeclaration.KindOf(block.Name)));
        string block = blocks.FirstOrDefault(candidate => AttributeDeclaration.KindOf(candidate.Name) == meant)?.ToDisplayString() ?? "";
        Fix[] fixes = meant is null || !keepsArguments ? []
            : [new Fix(FixKind.RenameAttribute, meant, OperatorSet.FindBuiltIn(meant) is null ? block : "")];
        return new AttributeDeclaration(AttributeDeclaration.BuiltInType(meant ?? name), arguments)
        {
            IsBound = false,
            IsUnknown = true,
            BindingErrors = remedy.Length == 0
                ? EquatableArray<Problem>.Empty
                : EquatableArray.Of(BindingProblems.NoSuchLayer(name, remedy, fixes)),
        };
    }

    /// <summary>The blocks of the project.</summary>
    private static IEnumerable<INamedTypeSymbol> Blocks(Compilation compilation, CancellationToken cancellationToken) => compilation
        .GetSymbolsWithName(name => name.EndsWith("Attribute", StringComparison.Ordinal), SymbolFilter.Type, cancellationToken)
        .OfType<INamedTypeSymbol>().Where(type => !type.IsAbstract && !type.IsGenericType && KnownSymbols.Of(compilation).IsBlock(type));

    /// <summary>Checks for unknown names of arguments, and for values of a wrong type.</summary>
    private void CheckNames()
    {
        for (int i = 0; i < _arguments.Length; i++)
        {
            _cancellationToken.ThrowIfCancellationRequested();
            AttributeArgumentSyntax argument = _arguments[i];
            if (argument.NameEquals is { Name.Identifier.ValueText: { Length: > 0 } name })
            {
                IPropertySymbol? property = _properties.FirstOrDefault(candidate => candidate.Name == name);
                if (IsSettable(property))
                {
                    CheckType(argument, i, name, property!.Type);
                }
                else
                {
                    (string remedy, Fix[] fixes) = RemedyOf(name, argument, isProperty: true);
                    _problems.Add(BindingProblems.NoSuchArgument(i, _kind, name, remedy, fixes));
                }
            }
            else if (argument.NameColon is { Name.Identifier.ValueText: { Length: > 0 } colon } && !Parameters.Contains(colon))
            {
                (string remedy, Fix[] fixes) = RemedyOf(colon, argument, isProperty: false);
                _problems.Add(BindingProblems.NoSuchArgument(i, _kind, colon, remedy, fixes));
            }
        }
    }

    private IEnumerable<string> Parameters =>
        _constructors.SelectMany(constructor => constructor.Parameters).Select(parameter => parameter.Name).Distinct();

    private IEnumerable<string> Settable => _properties.Where(IsSettable).Select(property => property.Name).Distinct();

    private static bool IsSettable(IPropertySymbol? property) =>
        property?.SetMethod is { DeclaredAccessibility: Accessibility.Public, IsInitOnly: false };

    /// <summary>Suggests what an argument with an unknown name was meant to be.</summary>
    private (string Text, Fix[] Fixes) RemedyOf(string name, AttributeArgumentSyntax argument, bool isProperty)
    {
        string plain = Plain(name);
        if (isProperty && Parameters.FirstOrDefault(parameter => Plain(parameter) == plain) is { } same)
        {
            (string form, Fix[] fixes) = InPlace(same, argument);
            return ($"This one has no name: write {form}", fixes);
        }

        if (KnownOfInput.Contains(plain) && Places.FirstOrDefault(place => place.Argument is null) is { Reason: var reason })
        {
            return ($"Leave it out: {reason}", [new Fix(FixKind.RemoveArgument)]);
        }

        // Other libraries write kernel_size, use_bias, eps and strides.
        string[] known = [.. Settable, .. Parameters];
        string? meant = known.FirstOrDefault(candidate => Plain(candidate) == plain
            || (PyTorchNames.TryGetValue(plain, out string ours) && candidate == ours))
            ?? (plain.Length < 3 ? null : known
                .Where(candidate => Plain(candidate).StartsWith(plain, StringComparison.Ordinal)
                    || plain.StartsWith(Plain(candidate), StringComparison.Ordinal)
                    || plain.EndsWith(Plain(candidate), StringComparison.Ordinal))
                .OrderBy(candidate => Math.Abs(candidate.Length - name.Length)).FirstOrDefault())
            ?? Similarity.NearestAlike(name, known);
        if (meant is null)
        {
            return (Settable.Any() ? $"It has {string.Join(", ", Settable)}" : $"Write {Usages}", []);
        }

        if (isProperty && Parameters.Contains(meant))
        {
            (string form, Fix[] fixes) = InPlace(meant, argument);
            return ($"Write {form}", fixes);
        }

        string right = Parameters.Contains(meant) ? $"{meant}: {Text(argument)}" : $"{meant} = {Text(argument)}";
        return ($"Use {right}", Rewriting(right));
    }

    /// <summary>The edit that writes an argument anew; none if that would name another argument twice.</summary>
    private Fix[] Rewriting(string arguments) =>
        SyntaxFactory.ParseAttributeArgumentList($"({arguments})") is { } list
        && list.Arguments.All(argument => (argument.NameEquals?.Name ?? argument.NameColon?.Name) is not { } name
            || !IsGiven(name.Identifier.ValueText))
            ? [new Fix(FixKind.RewriteArgument, Text: arguments)] : [];

    /// <summary>Whether there is an argument for a property or a parameter.</summary>
    private bool IsGiven(string name) =>
        _arguments.Any(argument => argument.NameEquals?.Name.Identifier.ValueText == name)
        || _constructors.Any(constructor => constructor.Parameters
            .Where((parameter, i) => parameter.Name == name && Given(parameter, i) is not null).Any());

    /// <summary>The arguments in the order of PyTorch's module; none for blocks.</summary>
    private IReadOnlyList<PyTorchPlace> Places => _operator is LayerOperator { PyTorchPlaces: var places } ? places : [];

    /// <summary>A name in lower case, without underscores.</summary>
    private static string Plain(string name) => name.Replace("_", "").ToLowerInvariant();

    /// <summary>Checks the arguments without names: too many, too few, or of a wrong type.</summary>
    private void CheckPositions()
    {
        if (_positional.Any(argument => argument.NameColon is { } colon && !Parameters.Contains(colon.Name.Identifier.ValueText)))
        {
            return;
        }

        IMethodSymbol most = _constructors[_constructors.Length - 1];
        bool takesAny = _constructors.Any(constructor => constructor.Parameters.Any(parameter => parameter.IsParams));
        if (_positional.Length > most.Parameters.Length && !takesAny)
        {
            ReportTooMany(most);
            return;
        }

        // Take the constructor with the fewest parameters that has room for all arguments.
        IMethodSymbol constructor = _constructors.FirstOrDefault(candidate => candidate.Parameters.Length >= _positional.Length) ?? most;
        IParameterSymbol[] missing = [.. constructor.Parameters
            .Where((parameter, i) => !parameter.IsOptional && !parameter.IsParams && Given(parameter, i) is null)];
        if (missing.Length > 0)
        {
            // If there is an argument with an unknown name, it was most likely meant for this parameter.
            if (!_problems.Exists(problem => problem.Rule == BindingProblems.NoSuchArgumentRule))
            {
                IEnumerable<string> written = constructor.Parameters.Select((parameter, i) =>
                    Given(parameter, i) is { } given ? Text(given) : parameter.Name).Concat(Named);
                _problems.Add(BindingProblems.MissingArgument(
                    _kind, missing.Select(parameter => parameter.Name), $"[{_kind}({string.Join(", ", written)})]"));
            }

            return;
        }

        for (int i = 0, place = 0; i < _arguments.Length; i++)
        {
            AttributeArgumentSyntax argument = _arguments[i];
            if (argument.NameEquals is not null)
            {
                continue;
            }

            IParameterSymbol? parameter = argument.NameColon is { } colon
                ? constructor.Parameters.FirstOrDefault(candidate => candidate.Name == colon.Name.Identifier.ValueText)
                : constructor.Parameters.ElementAtOrDefault(Math.Min(place, constructor.Parameters.Length - 1));
            place++;
            if (parameter is { IsParams: true, Type: IArrayTypeSymbol { ElementType: var element } }
                && !Converts(argument.Expression, parameter.Type))
            {
                CheckType(argument, i, parameter.Name, element);
            }
            else if (parameter is not null)
            {
                CheckType(argument, i, parameter.Name, parameter.Type);
            }
        }
    }

    /// <summary>The argument for a parameter, by its name or by its position; null if there is none.</summary>
    private AttributeArgumentSyntax? Given(IParameterSymbol parameter, int place) =>
        _positional.FirstOrDefault(argument => argument.NameColon?.Name.Identifier.ValueText == parameter.Name)
        ?? (place < _positional.Length && _positional[place].NameColon is null ? _positional[place] : null);

    /// <summary>Reports too many positional arguments. PyTorch has more, and begins with those that follow from the input here.</summary>
    private void ReportTooMany(IMethodSymbol constructor)
    {
        string takes = constructor.Parameters.Length == 0
            ? "no arguments without names" : $"({string.Join(", ", constructor.Parameters.Select(parameter => parameter.Name))})";
        if (_constructors.Length > 1)
        {
            takes = $"at most {takes}";
        }

        IReadOnlyList<PyTorchPlace> places = Places;
        if (_positional.Length > places.Count || _positional.Any(argument => argument.NameColon is not null))
        {
            string[] first = [.. _positional.Take(constructor.Parameters.Length).Select(Text)];
            _problems.Add(BindingProblems.TooManyArguments(
                _kind, takes, "all others have names", _constructors.Length > 1 ? Usages : Form(first.Concat(Named)),
                _constructors.Length > 1 || _positional.Any(argument => argument.NameColon is not null) ? [] : RewritingAll(first)));
            return;
        }

        List<string> ordered = [], named = [];
        string? reason = null;
        for (int i = 0; i < _positional.Length; i++)
        {
            (string? name, string text) = (places[i].Argument, Text(_positional[i]));
            if (name is null)
            {
                reason ??= places[i].Reason;
            }
            else if (_operator!.Arguments.First(argument => argument.Name == name).IsPositional)
            {
                ordered.Add(text);
            }
            else if (!IsGiven(name))
            {
                named.Add($"{name} = {text}");
            }
        }

        string others = named.Count > 0 || reason is null ? "all others have names" : "";
        string why = reason is null ? others : others.Length > 0 ? $"{reason}, and {others}" : reason;
        List<string[]> forms = [[.. ordered, .. named]];
        if (KerasArguments(constructor, places) is { } keras)
        {
            forms.Add(keras);
        }

        string right = string.Join(", or ", forms.Select(form => Form(form.Concat(Named))))
            + (forms.Count > 1 ? $" if {Text(_positional[0])} is the number of filters" : "");
        _problems.Add(BindingProblems.TooManyArguments(_kind, takes, why, right, [.. forms.SelectMany(RewritingAll)]));
    }

    /// <summary>No edit if an argument without a name stands behind one with a name, which is no C#.</summary>
    private Fix[] RewritingAll(IEnumerable<string> arguments) =>
        _arguments.TakeWhile(argument => argument.NameEquals is null).Count() == _positional.Length
            ? [new Fix(FixKind.RewriteArguments, Text: string.Join(", ", arguments))] : [];

    /// <summary>
    /// Three numbers of a convolution can also be Keras' filters, kernel and strides. If they look like it, the message shows both forms.
    /// Null if they do not.
    /// </summary>
    private string[]? KerasArguments(IMethodSymbol constructor, IReadOnlyList<PyTorchPlace> places)
    {
        int count = constructor.Parameters.Length;
        const int LargestKernel = 11;
        return count == 2 && _positional.Length == 3 && places.Count > 3 && places[3].Argument == "Stride"
            && Number(_positional[0]) is { } filters && Number(_positional[1]) is { } kernel && filters > kernel && kernel <= LargestKernel
            && !IsGiven("Stride")
            ? [Text(_positional[0]), Text(_positional[1]), $"Stride = {Text(_positional[2])}"]
            : null;
    }

    private static int? Number(AttributeArgumentSyntax argument) => (argument.Expression as LiteralExpressionSyntax)?.Token.Value as int?;

    private void CheckType(AttributeArgumentSyntax argument, int index, string name, ITypeSymbol type)
    {
        if (Converts(argument.Expression, type))
        {
            return;
        }

        ExpressionSyntax expression = argument.Expression;
        string text = Text(argument);
        ITypeSymbol? own = _model.GetTypeInfo(expression, _cancellationToken).Type;
        bool isResolved = own is not null and not IErrorTypeSymbol
            || expression is LiteralExpressionSyntax or CollectionExpressionSyntax or TupleExpressionSyntax;
        string? meant = Meant(expression, name, type);
        if (isResolved || meant is not null)
        {
            _problems.Add(BindingProblems.WrongType(
                index, _kind, name, TypeTexts.Of(type), text, meant ?? TypeTexts.ExampleOf(type), meant is null ? [] : Rewriting(meant)));
        }
    }

    private bool Converts(ExpressionSyntax expression, ITypeSymbol type) =>
        _model.ClassifyConversion(expression, type) is { Exists: true, IsImplicit: true }
        && !(type.IsValueType && (expression is CollectionExpressionSyntax || expression.IsKind(SyntaxKind.NullLiteralExpression)));

    /// <summary>The value that was meant, if it is written as in another library; null if that is not clear.</summary>
    private string? Meant(ExpressionSyntax expression, string name, ITypeSymbol type)
    {
        object? value = (expression as LiteralExpressionSyntax)?.Token.Value;
        string word = value as string ?? (expression as IdentifierNameSyntax)?.Identifier.ValueText
            ?? (expression as MemberAccessExpressionSyntax)?.Name.Identifier.ValueText ?? "";
        double number = 0;
        bool isNumber = (value is string digits && double.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out number))
            || (value is not null and not string and not bool and not char && double.TryParse(
                Convert.ToString(value, CultureInfo.InvariantCulture), NumberStyles.Float, CultureInfo.InvariantCulture, out number));
        switch (type)
        {
            case { TypeKind: TypeKind.Enum }:
                string[] members = [.. type.GetMembers().OfType<IFieldSymbol>().Where(field => field.IsConst).Select(field => field.Name)];
                return word.Length > 0 && Similarity.NearestAlike(word, members) is { } member ? $"{type.Name}.{member}" : null;

            case { SpecialType: SpecialType.System_Boolean }:
                return isNumber ? number == 0 ? "false" : "true"
                    : word is "True" or "true" ? "true" : word is "False" or "false" or "None" ? "false" : null;

            case { SpecialType: SpecialType.System_Int32 }
                when name == "Padding" && word.Length > 0 && !isNumber && Properties("AutoPad") is { } padding:
                return Meant(expression, "AutoPad", padding.Type) is { } pad ? $"AutoPad = {pad}" : null;

            case { SpecialType: SpecialType.System_Int32 }
                when isNumber && number == Math.Floor(number) && Math.Abs(number) <= int.MaxValue:
                return number.ToString("0", CultureInfo.InvariantCulture);

            case { SpecialType: SpecialType.System_Double } when isNumber:
                return number.ToString("R", CultureInfo.InvariantCulture);

            case { SpecialType: SpecialType.System_Int32 } when Elements(expression) is { Length: > 0 } elements:
                string[] texts = [.. elements.Select(element => element.ToString())];
                return texts.Distinct().Count() == 1 ? texts[0] : PerAxis(name, texts);

            case IArrayTypeSymbol when isNumber || expression is TupleExpressionSyntax:
                return $"[{string.Join(", ", Elements(expression)?.Select(element => element.ToString()) ?? [expression.ToString()])}]";

            default:
                return null;
        }
    }

    private IPropertySymbol? Properties(string name) => _properties.FirstOrDefault(property => property.Name == name);

    /// <summary>Numbers for each axis: kernel (3, 5) becomes KernelHeight = 3, KernelWidth = 5, besides the kernel itself.</summary>
    private string? PerAxis(string name, string[] texts)
    {
        string stem = char.ToUpperInvariant(name[0]) + name.Substring(1);
        string[] axes = texts.Length == 3 ? ["Depth", "Height", "Width"] : ["Height", "Width"];
        if (texts.Length is not (2 or 3) || axes.Any(axis => Properties(stem + axis) is not { } property || !IsSettable(property)))
        {
            return null;
        }

        string named = string.Join(", ", axes.Zip(texts, (axis, text) => $"{stem}{axis} = {text}"));
        return Parameters.Contains(name) ? $"{texts[0]}, {named}" : named;
    }

    private static ExpressionSyntax[]? Elements(ExpressionSyntax expression) => expression switch
    {
        TupleExpressionSyntax tuple => [.. tuple.Arguments.Select(argument => argument.Expression)],
        CollectionExpressionSyntax collection =>
            [.. collection.Elements.OfType<ExpressionElementSyntax>().Select(element => element.Expression)],
        ImplicitArrayCreationExpressionSyntax array => [.. array.Initializer.Expressions],
        ArrayCreationExpressionSyntax { Initializer: { } initializer } => [.. initializer.Expressions],
        _ => null,
    };

    /// <summary>How to write the attribute, such as [Conv2D(filters, kernel)].</summary>
    private string Usages => string.Join(
        " or ",
        _constructors.Select(constructor => Form(
            constructor.Parameters.Where(parameter => !parameter.IsOptional).Select(parameter => parameter.Name))));

    private string Form(IEnumerable<string> arguments) =>
        string.Join(", ", arguments) is { Length: > 0 } list ? $"[{_kind}({list})]" : $"[{_kind}]";

    /// <summary>How to write the attribute with an argument that has the name of a property, but is a parameter.</summary>
    private (string Form, Fix[] Fixes) InPlace(string parameter, AttributeArgumentSyntax argument)
    {
        IMethodSymbol? constructor = _constructors.FirstOrDefault(candidate => candidate.Parameters.Any(one => one.Name == parameter));
        if (constructor is null || constructor.Parameters.Where((one, i) => one.Name == parameter && Given(one, i) is not null).Any())
        {
            return (Usages, []);
        }

        var written = new List<string>();
        bool isInOrder = true;
        bool isComplete = constructor.Parameters.Where((one, i) => Given(one, i) is not null).Count() == _positional.Length;
        for (int i = 0; i < constructor.Parameters.Length; i++)
        {
            IParameterSymbol one = constructor.Parameters[i];
            string? text = one.Name == parameter ? Text(argument) : Given(one, i) is { } given ? Text(given) : null;
            if (text is null && one.IsOptional)
            {
                isInOrder = false;
                continue;
            }

            isComplete &= text is not null;
            written.Add(isInOrder ? text ?? one.Name : $"{one.Name}: {text ?? one.Name}");
        }

        string form = Form(written.Concat(_arguments.Where(other => other != argument && other.NameEquals is not null)
            .Select(other => other.NormalizeWhitespace().ToString())));
        return (form, isComplete ? RewritingAll(written) : []);
    }

    /// <summary>The arguments that are written with a name.</summary>
    private IEnumerable<string> Named => _arguments
        .Where(argument => argument.NameEquals is not null)
        .Select(argument => argument.NormalizeWhitespace().ToString());

    private static string Text(AttributeArgumentSyntax argument) => argument.Expression.NormalizeWhitespace().ToString();

    private static IEnumerable<INamedTypeSymbol> Ancestors(INamedTypeSymbol type)
    {
        for (INamedTypeSymbol? ancestor = type; ancestor is { SpecialType: not SpecialType.System_Object }; ancestor = ancestor.BaseType)
        {
            yield return ancestor;
        }
    }
}
