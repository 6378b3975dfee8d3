using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Strata.Onnx.Text;

namespace Strata.Onnx;

/// <summary>The name of an imported class, and that of its namespace.</summary>
internal static class ClassName
{
    /// <summary>Words that C# reserves for types in some places only.</summary>
    private static readonly HashSet<string> Contextual =
    [
        "await", "dynamic", "extension", "file", "global", "nint", "notnull", "nuint", "partial", "record", "required", "scoped",
        "unmanaged", "var", "where", "yield",
    ];

    /// <summary>Namespaces that the class's own text needs.</summary>
    private static readonly HashSet<string> Namespaces = ["Strata", "System"];

    /// <summary>The name that the options give, or else that of the file: <c>mobilenet-v2</c> is MobilenetV2.</summary>
    /// <exception cref="ArgumentException">The options give a name that no class can have.</exception>
    public static string Choose(OnnxImportOptions options, string file)
    {
        if (options.Name is { } name)
        {
            return Problem(name) is { } problem ? throw new ArgumentException($"The class cannot be named '{name}': {problem}.") : name;
        }

        // Each part of the file's name begins with a capital letter.
        IEnumerable<string> parts = file.Split(
            [.. file.Where(letter => letter == '_' || !IsPart(letter))], StringSplitOptions.RemoveEmptyEntries);
        string joined = string.Concat(parts.Select(part => char.ToUpperInvariant(part[0]) + part[1..]));
        joined = joined.Length > 0 && IsStart(joined[0]) ? joined : "Network" + joined;
        return Problem(joined) is null ? joined : joined + "Network";
    }

    /// <exception cref="ArgumentException">It is no name of a namespace.</exception>
    public static void CheckNamespace(string? @namespace)
    {
        if (@namespace is { Length: > 0 } && @namespace.Split('.').FirstOrDefault(part => !IsIdentifier(part)) is { } wrong)
        {
            throw new ArgumentException($"There is no namespace '{@namespace}': '{wrong}' is no identifier, or a word of C#.");
        }
    }

    /// <summary>Why a class cannot have a name; null if it can.</summary>
    private static string? Problem(string name) =>
        LayerNames.IsKeyword(name) || Contextual.Contains(name) ? "that is a word of C#"
        : !IsIdentifier(name) ? "an identifier has letters, digits and _, and begins with no digit"
        : Namespaces.Contains(name) ? "that is a namespace"
        : LayerNames.IsMemberOfNetworks(name) ? "networks have a member of that name"
        : null;

    private static bool IsIdentifier(string name) =>
        name.Length > 0 && IsStart(name[0]) && name.All(IsPart) && !LayerNames.IsKeyword(name);

    private static bool IsStart(char letter) =>
        letter == '_' || char.IsLetter(letter) || char.GetUnicodeCategory(letter) == UnicodeCategory.LetterNumber;

    private static bool IsPart(char letter) =>
        IsStart(letter) || char.GetUnicodeCategory(letter)
            is UnicodeCategory.DecimalDigitNumber or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;
}
