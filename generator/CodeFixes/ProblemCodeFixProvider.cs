using System.Collections.Generic;
using System.Collections.Immutable;
using System.Composition;
using System.Globalization;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Operators;
using Strata.Compiler.Declarations;
using Strata.Generator.Reading;

namespace Strata.CodeFixes;

/// <summary>Applies the edits of a problem, for rules that know the fix.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(ProblemCodeFixProvider)), Shared]
public sealed class ProblemCodeFixProvider : CodeFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } =
    [
        .. new[]
        {
            ClassProblems.UnsupportedRule, ClassProblems.HasBaseClassRule, ClassProblems.NotANetworkRule,
            StackProblems.UnnamedEndRule, StackProblems.InputNotFirstRule, StackProblems.LayerAfterLossRule,
            ArgumentProblems.ConflictingRule, ArgumentProblems.UnsupportedRule, ArgumentProblems.UnreadRule,
            BlockProblems.CompiledRule,
            ShapeProblems.NotFlatRule, ShapeProblems.WrongDimensionsRule, ShapeProblems.ChannelsLastRule,
            BranchProblems.DifferRule,
            LossProblems.BehindActivationRule, LossProblems.RepeatedRule,
            LayerProblems.DropoutBeforeBatchNormRule, LayerProblems.BiasBeforeBatchNormRule, LayerProblems.SoftmaxInsideRule,
            LayerProblems.TwoActivationsRule,
            WindowProblems.TooLargeRule, WindowProblems.PaddingTooLargeRule, WindowProblems.UnreadRowsRule,
            NameProblems.DuplicateRule, NameProblems.UnknownTensorRule,
            BindingProblems.NoSuchLayerRule, BindingProblems.TooManyArgumentsRule, BindingProblems.WrongTypeRule,
            BindingProblems.NoSuchArgumentRule,
        }.Select(rule => rule.Id),
    ];

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        SyntaxNode? root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        SemanticModel? model = await context.Document.GetSemanticModelAsync(context.CancellationToken).ConfigureAwait(false);
        foreach (Diagnostic diagnostic in context.Diagnostics)
        {
            Fix[] fixes = [.. Fix.FromProperties(diagnostic.Properties)];
            for (int i = 0; i < fixes.Length; i++)
            {
                Fix fix = fixes[i];

                // The generator may have seen an older text, which was longer.
                SyntaxNode? node = root?.FullSpan.Contains(diagnostic.Location.SourceSpan) == true
                    ? root.FindNode(diagnostic.Location.SourceSpan) : null;
                if (node is not null && Applies(fix, node, model))
                {
                    // Names and numbers differ from place to place. So edits at the same index of a rule's list count as the same fix.
                    string key = $"{diagnostic.Id} {i.ToString(CultureInfo.InvariantCulture)}";
                    context.RegisterCodeFix(
                        CodeAction.Create(Title(fix), token => ApplyAsync(context.Document, diagnostic, fix, token), key), diagnostic);
                }
            }
        }
    }

    private static string Title(Fix fix) => fix.Kind switch
    {
        FixKind.SetArgument when char.IsLower(fix.Name[0]) => $"Name it {fix.Text}",
        FixKind.SetArgument => $"Set {fix.Name} = {fix.Text}",
        FixKind.ReplaceValue => $"Change it to {fix.Text}",
        FixKind.ReplaceArguments => $"Write ({fix.Text})",
        FixKind.ReplaceArgumentsBefore => $"Write [{fix.Name}({fix.Text})]",
        FixKind.RewriteArgument => $"Write {fix.Text}",
        FixKind.RewriteArguments => fix.Text.Length > 0 ? $"Write ({fix.Text})" : "Remove the arguments without names",
        FixKind.RemoveArgument => "Remove this argument",
        FixKind.RemoveAttribute => "Remove this layer",
        FixKind.RenameAttribute => $"Use [{fix.Name}]",
        FixKind.InsertBefore => $"Put [{fix.Name}] before it",
        FixKind.MoveUp or FixKind.MoveDown => $"Move [{fix.Name}] before it",
        FixKind.MoveToEnd => $"Move [{fix.Name}] to the end",
        FixKind.MoveBehindLast => $"Move it behind [{fix.Name}]",
        FixKind.RemoveBefore => $"Remove [{fix.Name}]",
        FixKind.InsertInBranch => $"Put [{fix.Name}({fix.Text})] at the end of the branch",
        FixKind.AddToClass => $"Add [{fix.Name}]",
        FixKind.RemoveModifier => $"Remove '{fix.Name}'",
        _ => "Remove the base class",
    };

    /// <summary>Whether the edit can be applied. A value that is not a literal is not changed.</summary>
    private static bool Applies(Fix fix, SyntaxNode node, SemanticModel? model) => fix.Kind switch
    {
        FixKind.ReplaceValue => ValueAt(node) is { } value && (value is LiteralExpressionSyntax
            || model?.GetSymbolInfo(value).Symbol is IFieldSymbol { ContainingType.TypeKind: TypeKind.Enum }),
        FixKind.RemoveArgument or FixKind.RewriteArgument => node.FirstAncestorOrSelf<AttributeArgumentSyntax>() is not null,
        FixKind.RewriteArguments =>
            node.FirstAncestorOrSelf<AttributeSyntax>() is { ArgumentList.Arguments.Count: > 0 },
        FixKind.ReplaceArguments => node.FirstAncestorOrSelf<AttributeSyntax>() is { } attribute && AreLiterals(Positional(attribute)),
        FixKind.ReplaceArgumentsBefore => node.FirstAncestorOrSelf<AttributeSyntax>() is { } attribute
            && Before(attribute, fix.Name).LastOrDefault() is { } before && AreLiterals(Positional(before)),
        FixKind.AddToClass => node.FirstAncestorOrSelf<TypeDeclarationSyntax>() is { AttributeLists.Count: > 0 },
        FixKind.RemoveModifier or FixKind.RemoveBaseClass => node.FirstAncestorOrSelf<TypeDeclarationSyntax>() is not null,
        FixKind.InsertInBranch => node.FirstAncestorOrSelf<AttributeSyntax>() is { } join && EndOfBranch(join, fix.Branch) is not null,
        FixKind.MoveUp or FixKind.MoveBehindLast =>
            node.FirstAncestorOrSelf<AttributeSyntax>() is { } attribute && Behind(attribute, fix.Name).Any(),
        FixKind.MoveDown or FixKind.MoveToEnd or FixKind.RemoveBefore =>
            node.FirstAncestorOrSelf<AttributeSyntax>() is { } attribute && Before(attribute, fix.Name).Any(),
        _ => node.FirstAncestorOrSelf<AttributeSyntax>() is not null,
    };

    private static async Task<Document> ApplyAsync(Document document, Diagnostic diagnostic, Fix fix, CancellationToken cancellationToken)
    {
        SyntaxNode root = (await document.GetSyntaxRootAsync(cancellationToken).ConfigureAwait(false))!;
        SemanticModel? model = await document.GetSemanticModelAsync(cancellationToken).ConfigureAwait(false);
        SourceText text = await document.GetTextAsync(cancellationToken).ConfigureAwait(false);
        if (!root.FullSpan.Contains(diagnostic.Location.SourceSpan))
        {
            return document;
        }

        SyntaxNode node = root.FindNode(diagnostic.Location.SourceSpan);
        IEnumerable<TextChange> changes = Changes(fix, node, new AttributeEdits(text, model));
        return document.WithText(text.WithChanges(changes.OrderBy(change => change.Span.Start)));
    }

    private static IEnumerable<TextChange> Changes(Fix fix, SyntaxNode node, AttributeEdits edits)
    {
        AttributeSyntax attribute = node.FirstAncestorOrSelf<AttributeSyntax>()!;
        TypeDeclarationSyntax type = node.FirstAncestorOrSelf<TypeDeclarationSyntax>()!;
        switch (fix.Kind)
        {
            case FixKind.SetArgument:
                return [edits.Set(attribute, fix.Name, fix.Text)];
            case FixKind.ReplaceValue:
                ExpressionSyntax value = ValueAt(node)!;
                return [new TextChange(value.Span, edits.ValueOf(fix.Text, value.SpanStart))];
            case FixKind.ReplaceArguments:
                return [ReplaceArguments(attribute, fix.Text)];
            case FixKind.ReplaceArgumentsBefore:
                return [ReplaceArguments(Before(attribute, fix.Name).Last(), fix.Text)];
            case FixKind.RewriteArgument or FixKind.RewriteArguments or FixKind.RemoveArgument:
                return ArgumentChanges(fix, attribute, node.FirstAncestorOrSelf<AttributeArgumentSyntax>(), edits);
            case FixKind.RemoveAttribute:
                return [edits.Remove(attribute)];
            case FixKind.RenameAttribute:
                return [new TextChange(attribute.Name.Span, edits.NameOf(fix.Name, attribute, fix.Text))];
            case FixKind.InsertBefore:
                return [edits.InsertBefore(attribute, edits.NameOf(fix.Name, attribute))];
            case FixKind.MoveUp or FixKind.MoveDown:
                AttributeSyntax moved = fix.Kind == FixKind.MoveUp
                    ? Behind(attribute, fix.Name).First() : Before(attribute, fix.Name).Last();
                return [edits.InsertBefore(attribute, moved.ToString()), edits.Remove(moved)];
            case FixKind.MoveToEnd:
                AttributeSyntax first = Before(attribute, fix.Name).Last();
                return [edits.Remove(first), edits.InsertAfter(type.AttributeLists.Last().Attributes.Last(), first.ToString())];
            case FixKind.MoveBehindLast:
                AttributeSyntax last = Behind(attribute, fix.Name).Last();
                return [edits.Remove(attribute), edits.InsertAfter(last, attribute.ToString())];
            case FixKind.RemoveBefore:
                return [edits.Remove(Before(attribute, fix.Name).Last())];
            case FixKind.InsertInBranch:
                return [edits.InsertBefore(
                    EndOfBranch(attribute, fix.Branch)!, $"{edits.NameOf(fix.Name, attribute)}({fix.Text})")];
            case FixKind.AddToClass:
                AttributeSyntax next = type.AttributeLists[0].Attributes[0];
                return [edits.InsertBefore(next, edits.NameOf(fix.Name, next))];
            case FixKind.RemoveModifier:
                SyntaxToken modifier = type.Modifiers.First(token => token.ValueText == fix.Name);
                return [new TextChange(TextSpan.FromBounds(modifier.SpanStart, modifier.GetNextToken().SpanStart), "")];
            default:
                BaseListSyntax bases = type.BaseList!;

                // C# requires the base class before all interfaces.
                return
                [
                    new TextChange(
                        bases.Types.Count == 1
                            ? TextSpan.FromBounds(bases.GetFirstToken().GetPreviousToken().Span.End, bases.Span.End)
                            : TextSpan.FromBounds(bases.Types[0].SpanStart, bases.Types[1].SpanStart),
                        ""),
                ];
        }
    }

    private static IEnumerable<TextChange> ArgumentChanges(
        Fix fix, AttributeSyntax attribute, AttributeArgumentSyntax? argument, AttributeEdits edits) => fix.Kind switch
        {
            FixKind.RewriteArgument => edits.Rewrite(argument!, fix.Text),
            FixKind.RewriteArguments => AttributeEdits.RewriteAll(attribute, argument, fix.Text),
            _ => [AttributeEdits.Remove(argument!)],
        };

    /// <summary>The value at a place: that of an argument, or one of several in it.</summary>
    private static ExpressionSyntax? ValueAt(SyntaxNode node) =>
        node as ExpressionSyntax
        ?? (node as ExpressionElementSyntax)?.Expression
        ?? node.FirstAncestorOrSelf<AttributeArgumentSyntax>()?.Expression;

    private static bool AreLiterals(AttributeArgumentSyntax[] arguments) =>
        arguments.Length > 0 && arguments.All(argument => argument.Expression is LiteralExpressionSyntax);

    private static TextChange ReplaceArguments(AttributeSyntax attribute, string text)
    {
        AttributeArgumentSyntax[] written = Positional(attribute);
        return new TextChange(TextSpan.FromBounds(written[0].SpanStart, written[written.Length - 1].Span.End), text);
    }

    private static AttributeArgumentSyntax[] Positional(AttributeSyntax attribute) =>
        attribute.ArgumentList?.Arguments.Where(argument => argument.NameEquals is null).ToArray() ?? [];

    /// <summary>The attributes of a name that come before an attribute, on the same class.</summary>
    private static IEnumerable<AttributeSyntax> Before(AttributeSyntax attribute, string name) =>
        Siblings(attribute).Where(candidate => AttributeNames.KindOf(candidate.Name) == name && candidate.SpanStart < attribute.SpanStart);

    /// <summary>The attributes of a name that come after an attribute, on the same class.</summary>
    private static IEnumerable<AttributeSyntax> Behind(AttributeSyntax attribute, string name) =>
        Siblings(attribute).Where(candidate => AttributeNames.KindOf(candidate.Name) == name && candidate.SpanStart > attribute.SpanStart);

    /// <summary>
    /// What follows the last layer of a branch: the next branch, or the join. Branches are counted from the first of the group.
    /// </summary>
    private static AttributeSyntax? EndOfBranch(AttributeSyntax join, int branch)
    {
        // Groups do not nest. So the branches since the previous join belong to this one.
        AttributeSyntax[] before = Siblings(join).TakeWhile(candidate => candidate != join).ToArray();
        int start = System.Array.FindLastIndex(
            before,
            candidate => AttributeNames.KindOf(candidate.Name) is "Add" or "Concat" or "Multiply" && Positional(candidate).Length == 0);
        AttributeSyntax[] ends =
            before.Skip(start + 1).Where(candidate => AttributeNames.KindOf(candidate.Name) == "Branch").Skip(1).Append(join).ToArray();
        return branch >= 0 && branch < ends.Length ? ends[branch] : null;
    }

    private static IEnumerable<AttributeSyntax> Siblings(AttributeSyntax attribute) =>
        attribute.FirstAncestorOrSelf<TypeDeclarationSyntax>()!.AttributeLists.SelectMany(list => list.Attributes);
}
