using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace Strata.Generator.Printing;

/// <summary>
/// The members of a program at each size of a network. The first size has a class with all members. Each other size has a class inside of
/// it, derived from it, with the members that differ.
/// </summary>
internal static class SizedParts
{
    /// <summary>What the names of a size's data end with. It stands for the size, so that equal data is equal text.</summary>
    public const string Suffix = "\u0003";

    /// <summary>Stands for <c>virtual</c> at the first size, and for <c>override</c> at the others.</summary>
    public const string Modifier = "\u0004";

    /// <summary>The members of the first size.</summary>
    public static string First(IEnumerable<string> parts) => Of(string.Concat(parts), "", "virtual");

    /// <summary>The class of another size.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="program">The class of the first size.</param>
    /// <param name="parts">The members at this size.</param>
    /// <param name="first">The members at the first size.</param>
    public static string Class(string name, string program, IReadOnlyCollection<string> parts, IReadOnlyCollection<string> first)
    {
        HashSet<string> here = [.. parts.Select(KeyOf)];
        if (first.Select(KeyOf).FirstOrDefault(key => !here.Contains(key)) is { Length: > 0 } missing)
        {
            throw new InvalidOperationException($"At {name} there is no '{missing}'.");
        }

        HashSet<string> same = [.. first.Select(WithoutComments)];
        string members = string.Concat(parts.Select(WithoutComments).Where(part => !same.Contains(part) && KeyOf(part).Length > 0));
        return $"\n    internal sealed class {name} : {program}\n    {{\n{Of(members, name, "override").TrimStart('\n')}    }}\n";
    }

    /// <summary>
    /// A member without comments. They tell shapes, and would be half of a further size's text; its description has the shapes, too.
    /// </summary>
    private static string WithoutComments(string part)
    {
        var text = new StringBuilder();
        foreach (string line in part.Split('\n'))
        {
            int comment = line.IndexOf("// ", StringComparison.Ordinal);
            string code = comment < 0 ? line : line.Substring(0, comment).TrimEnd();
            if (comment < 0 || code.Length > 0)
            {
                text.Append(code).Append('\n');
            }
        }

        return text.ToString(0, text.Length - 1);
    }

    private static string Of(string members, string suffix, string modifier) =>
        new StringBuilder(members).Replace(Suffix, suffix).Replace(Modifier, modifier).ToString();

    /// <summary>
    /// What a member declares: its first line that is no comment and no attribute, up to its value. Empty if the part is only a comment.
    /// </summary>
    private static string KeyOf(string part) => part.Split('\n').Select(line => line.Trim())
        .FirstOrDefault(line => line.Length > 0 && !line.StartsWith("//", StringComparison.Ordinal) && line[0] != '[')?.Split('=')[0] ?? "";
}
