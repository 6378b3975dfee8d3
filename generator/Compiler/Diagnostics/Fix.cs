using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;

namespace Strata.Compiler.Diagnostics;

/// <summary>
/// The kinds of edits. Unless stated otherwise, "the argument" and "the attribute" are those where the problem is reported.
/// </summary>
internal enum FixKind
{
    /// <summary>Sets an argument of the attribute. Adds it if necessary.</summary>
    SetArgument,

    /// <summary>Writes another value for the argument.</summary>
    ReplaceValue,

    /// <summary>Replaces all arguments of the attribute's constructor.</summary>
    ReplaceArguments,

    /// <summary>Replaces all constructor arguments of the nearest attribute of a given name before the attribute.</summary>
    ReplaceArgumentsBefore,

    /// <summary>
    /// Writes the argument anew, as one argument or several. They are made of what is written there, so it may be any expression.
    /// </summary>
    RewriteArgument,

    /// <summary>
    /// Writes all arguments of the attribute's constructor anew, made of what is written. An argument of a property where the problem is
    /// reported is among them, and so is removed.
    /// </summary>
    RewriteArguments,

    /// <summary>Removes the argument.</summary>
    RemoveArgument,

    /// <summary>Removes the attribute.</summary>
    RemoveAttribute,

    /// <summary>Replaces the attribute by another one with the same arguments.</summary>
    RenameAttribute,

    /// <summary>Inserts another attribute before the attribute.</summary>
    InsertBefore,

    /// <summary>Moves the next attribute of a given name to right before the attribute.</summary>
    MoveUp,

    /// <summary>Moves the nearest earlier attribute of a given name to right before the attribute.</summary>
    MoveDown,

    /// <summary>Moves the nearest earlier attribute of a given name to the end of the stack.</summary>
    MoveToEnd,

    /// <summary>Moves the attribute behind the last attribute of a given name, which must come after it.</summary>
    MoveBehindLast,

    /// <summary>Removes the nearest earlier attribute of a given name.</summary>
    RemoveBefore,

    /// <summary>Inserts another attribute at the end of one of the branches that the attribute joins.</summary>
    InsertInBranch,

    /// <summary>Adds an attribute before all others of the class.</summary>
    AddToClass,

    /// <summary>Removes a modifier of the class.</summary>
    RemoveModifier,

    /// <summary>Removes the base class.</summary>
    RemoveBaseClass,
}

/// <summary>An edit that fixes a problem, for rules that know the fix. Code fixes read it from the diagnostic's properties.</summary>
/// <param name="Name">The name of the argument, attribute or modifier.</param>
/// <param name="Text">The value as C#, or all arguments, or the full name of an attribute's class that is not Strata's.</param>
/// <param name="Branch">The index of the branch, from 0.</param>
internal sealed record Fix(FixKind Kind, string Name = "", string Text = "", int Branch = 0)
{
    private const char Separator = '\n';

    public static Fix Set(string argument, string value) => new(FixKind.SetArgument, argument, value);

    public static Fix Replace(string value) => new(FixKind.ReplaceValue, "", value);

    /// <summary>The edits as properties of a diagnostic.</summary>
    public static ImmutableDictionary<string, string?> ToProperties(IReadOnlyList<Fix> fixes)
    {
        ImmutableDictionary<string, string?> properties = ImmutableDictionary<string, string?>.Empty;
        for (int i = 0; i < fixes.Count; i++)
        {
            properties = properties.Add(Key(i), string.Join(
                Separator.ToString(), fixes[i].Kind, fixes[i].Name, fixes[i].Branch.ToString(CultureInfo.InvariantCulture), fixes[i].Text));
        }

        return properties;
    }

    public static IEnumerable<Fix> FromProperties(ImmutableDictionary<string, string?> properties)
    {
        for (int i = 0; properties.TryGetValue(Key(i), out string? text) && text is not null; i++)
        {
            string[] parts = text.Split([Separator], 4);
            var kind = (FixKind)System.Enum.Parse(typeof(FixKind), parts[0]);
            yield return new Fix(kind, parts[1], parts[3], int.Parse(parts[2], CultureInfo.InvariantCulture));
        }
    }

    private static string Key(int index) => "Fix" + index.ToString(CultureInfo.InvariantCulture);
}
