using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Strata.CodeFixes;

/// <summary>Edits of attributes. They change text, not syntax, so that everything else stays as it is.</summary>
internal sealed class AttributeEdits(SourceText text, SemanticModel? model)
{
    /// <summary>
    /// The name of an attribute at a place: qualified as its neighbour is, or in full if that means another type than the one of this full
    /// name. Without a name of a type, the attribute is Strata's.
    /// </summary>
    public string NameOf(string attribute, AttributeSyntax neighbour, string type = "")
    {
        const string Suffix = "Attribute";
        type = type.Length == 0 ? $"Strata.{attribute}{Suffix}" : type;
        SimpleNameSyntax simple = SyntaxFactory.IdentifierName(attribute);
        NameSyntax name = neighbour.Name switch
        {
            QualifiedNameSyntax qualified => qualified.WithRight(simple),
            AliasQualifiedNameSyntax qualified => qualified.WithName(simple),
            _ => simple,
        };
        ISymbol? constructor = model?.GetSpeculativeSymbolInfo(neighbour.SpanStart, SyntaxFactory.Attribute(name)).Symbol
            ?? model?.GetSpeculativeSymbolInfo(neighbour.SpanStart, SyntaxFactory.Attribute(name)).CandidateSymbols.FirstOrDefault();
        return constructor?.ContainingType.ToDisplayString() == type
            ? name.ToString() : $"global::{type.Substring(0, type.Length - Suffix.Length)}";
    }

    /// <summary>A value. It is qualified in full if the short name of an enum's member is not known.</summary>
    public string ValueOf(string value, int position)
    {
        ExpressionSyntax expression = SyntaxFactory.ParseExpression(value);
        return expression is MemberAccessExpressionSyntax
            && model?.GetSpeculativeSymbolInfo(position, expression, SpeculativeBindingOption.BindAsExpression).Symbol is null
                ? "global::Strata." + value
                : value;
    }

    /// <summary>Inserts an attribute before another one. If that one is the first in its brackets, the new one gets its own.</summary>
    public TextChange InsertBefore(AttributeSyntax attribute, string inserted)
    {
        var list = (AttributeListSyntax)attribute.Parent!;
        return list.Attributes[0] == attribute
            ? new TextChange(new TextSpan(list.SpanStart, 0), $"[{inserted}]{Gap(list.SpanStart)}")
            : new TextChange(new TextSpan(attribute.SpanStart, 0), inserted + ", ");
    }

    /// <summary>Inserts an attribute behind another one. If that one is alone in its brackets, the new one gets its own.</summary>
    public TextChange InsertAfter(AttributeSyntax attribute, string inserted)
    {
        var list = (AttributeListSyntax)attribute.Parent!;
        return list.Attributes.Count == 1
            ? new TextChange(new TextSpan(list.Span.End, 0), Gap(list.SpanStart) + $"[{inserted}]")
            : new TextChange(new TextSpan(attribute.Span.End, 0), ", " + inserted);
    }

    /// <summary>
    /// Removes an attribute. If it is alone in its brackets, they go, too. If the line holds nothing else, it goes as well.
    /// </summary>
    public TextChange Remove(AttributeSyntax attribute)
    {
        var list = (AttributeListSyntax)attribute.Parent!;
        if (list.Attributes.Count > 1)
        {
            return Remove(list.Attributes, attribute);
        }

        TextLine line = text.Lines.GetLineFromPosition(list.SpanStart), last = text.Lines.GetLineFromPosition(list.Span.End);
        bool isAlone = string.IsNullOrWhiteSpace(text.ToString(TextSpan.FromBounds(line.Start, list.SpanStart)))
            && string.IsNullOrWhiteSpace(text.ToString(TextSpan.FromBounds(list.Span.End, last.End)));
        int end = list.Span.End;
        while (!isAlone && end < last.End && text[end] == ' ')
        {
            end++;
        }

        return new TextChange(
            isAlone ? TextSpan.FromBounds(line.Start, last.EndIncludingLineBreak) : TextSpan.FromBounds(list.SpanStart, end), "");
    }

    /// <summary>Removes an argument. If it is the only one, the parentheses go, too.</summary>
    public static TextChange Remove(AttributeArgumentSyntax argument)
    {
        var list = (AttributeArgumentListSyntax)argument.Parent!;
        return list.Arguments.Count == 1 ? new TextChange(list.Span, "") : Remove(list.Arguments, argument);
    }

    /// <summary>
    /// Writes an argument anew, as one argument or several. Those of the constructor stand in its place, and those of properties too if it
    /// is one of them; otherwise they come last. A value alone is the argument's new value.
    /// </summary>
    public IEnumerable<TextChange> Rewrite(AttributeArgumentSyntax argument, string arguments)
    {
        AttributeArgumentSyntax[] written = [.. SyntaxFactory.ParseAttributeArgumentList($"({arguments})")!.Arguments];
        string Join(bool areProperties) => string.Join(", ", written
            .Where(one => one.NameEquals is not null == areProperties)
            .Select(one => one.NameEquals?.ToFullString() + one.NameColon?.ToFullString()
                + ValueOf(one.Expression.ToString(), argument.Expression.SpanStart)));
        (string constructors, string properties) = (Join(false), Join(true));
        TextSpan place = Array.Exists(written, one => one.NameEquals is null && one.NameColon is null)
            ? argument.Expression.Span : argument.Span;
        var list = (AttributeArgumentListSyntax)argument.Parent!;
        bool isLast = argument.NameEquals is not null || list.Arguments.Last() == argument;
        if (constructors.Length == 0 && isLast)
        {
            return [new TextChange(place, properties)];
        }

        TextChange own = constructors.Length == 0 ? Remove(argument) : new TextChange(place, constructors);
        int end = isLast ? argument.Span.End : list.Arguments.Last().Span.End;
        return properties.Length == 0 ? [own] : [own, new TextChange(new TextSpan(end, 0), ", " + properties)];
    }

    /// <summary>
    /// Writes all arguments of the constructor anew. An argument of a property may be one of the constructor's from now on.
    /// </summary>
    public static IEnumerable<TextChange> RewriteAll(AttributeSyntax attribute, AttributeArgumentSyntax? property, string arguments)
    {
        SeparatedSyntaxList<AttributeArgumentSyntax> all = attribute.ArgumentList!.Arguments;
        AttributeArgumentSyntax[] constructors = [.. all.TakeWhile(argument => argument.NameEquals is null)];
        if (constructors.Length == 0)
        {
            return property == all[0]
                ? [new TextChange(property.Span, arguments)]
                : [new TextChange(new TextSpan(all[0].SpanStart, 0), arguments + ", "), Remove(property!)];
        }

        int start = constructors[0].SpanStart;
        TextChange change = arguments.Length > 0
            ? new TextChange(TextSpan.FromBounds(start, constructors[constructors.Length - 1].Span.End), arguments)
            : constructors.Length == all.Count
                ? new TextChange(attribute.ArgumentList.Span, "")
                : new TextChange(TextSpan.FromBounds(start, all[constructors.Length].SpanStart), "");
        return property is null ? [change] : [change, Remove(property)];
    }

    /// <summary>Gives an argument a value. Constructor arguments have small letters, and come first.</summary>
    public TextChange Set(AttributeSyntax attribute, string name, string value)
    {
        value = ValueOf(value, attribute.Span.End);
        bool isNamed = char.IsUpper(name[0]);
        string argument = isNamed ? $"{name} = {value}" : value;
        if (attribute.ArgumentList is not { Arguments: { Count: > 0 } arguments })
        {
            return new TextChange(TextSpan.FromBounds(attribute.Name.Span.End, attribute.Span.End), $"({argument})");
        }

        AttributeArgumentSyntax? known = arguments.FirstOrDefault(candidate => candidate.NameEquals?.Name.Identifier.ValueText == name);
        return known is not null ? new TextChange(known.Expression.Span, value)
            : isNamed ? new TextChange(new TextSpan(arguments.Last().Span.End, 0), ", " + argument)
            : new TextChange(new TextSpan(arguments[0].SpanStart, 0), argument + ", ");
    }

    private static TextChange Remove<T>(SeparatedSyntaxList<T> list, T item)
        where T : SyntaxNode
    {
        int index = list.IndexOf(item);
        return new TextChange(
            index == 0
                ? TextSpan.FromBounds(item.SpanStart, list[1].SpanStart)
                : TextSpan.FromBounds(list[index - 1].Span.End, item.Span.End),
            "");
    }

    /// <summary>The text between new brackets and the next ones: if these begin a line, a line break and the indentation.</summary>
    private string Gap(int position)
    {
        TextLine line = text.Lines.GetLineFromPosition(position);
        string before = text.ToString(TextSpan.FromBounds(line.Start, position));
        if (!string.IsNullOrWhiteSpace(before))
        {
            return before[before.Length - 1] == ']' ? "" : " ";
        }

        string lineBreak = text.ToString(TextSpan.FromBounds(line.End, line.EndIncludingLineBreak));
        return (lineBreak.Length > 0 ? lineBreak : "\n") + before;
    }
}
