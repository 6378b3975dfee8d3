using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;

namespace Strata.Generator.Diagnostics;

/// <summary>
/// The kinds of edits. Unless stated otherwise, "the argument" and "the attribute" are those at which the problem is reported.
/// </summary>
internal enum MendKind
{
    /// <summary>Sets an argument of the attribute. Adds it if necessary.</summary>
    SetArgument,

    /// <summary>Writes another value for the argument.</summary>
    ReplaceValue,

    /// <summary>Writes all arguments of the attribute's constructor anew.</summary>
    ReplaceArguments,

    /// <summary>The same for the nearest attribute of a given name before it.</summary>
    ReplaceArgumentsBefore,

    /// <summary>Removes the argument.</summary>
    RemoveArgument,

    /// <summary>Removes the attribute.</summary>
    RemoveAttribute,

    /// <summary>Uses another attribute with the same arguments.</summary>
    RenameAttribute,

    /// <summary>Puts another attribute before it.</summary>
    InsertBefore,

    /// <summary>Moves the next attribute of a given name to the place before it.</summary>
    MoveUp,

    /// <summary>Moves the nearest attribute of a given name before it to the place right before it.</summary>
    MoveDown,

    /// <summary>Moves the nearest attribute of a given name before it to the end of the stack.</summary>
    MoveToEnd,

    /// <summary>Moves it after the last attribute of a given name, which must come after it.</summary>
    MoveBehindLast,

    /// <summary>Removes the nearest attribute of a given name before it.</summary>
    RemoveBefore,

    /// <summary>Puts another attribute at the end of one of the branches that it joins.</summary>
    InsertInBranch,

    /// <summary>Adds an attribute before all others of the class.</summary>
    AddToClass,

    /// <summary>Removes a modifier of the class.</summary>
    RemoveModifier,

    /// <summary>Removes the base class.</summary>
    RemoveBaseClass,
}

/// <summary>An edit that mends a problem, for rules that know their answer: code fixes read it from the diagnostic.</summary>
/// <param name="Name">The argument, attribute or modifier.</param>
/// <param name="Text">The value as C#, or all arguments.</param>
/// <param name="Branch">Which of the branches, counted from 0.</param>
internal sealed record Mend(MendKind Kind, string Name = "", string Text = "", int Branch = 0)
{
    private const char Separator = '\n';

    public static Mend Set(string argument, string value) => new(MendKind.SetArgument, argument, value);

    public static Mend Replace(string value) => new(MendKind.ReplaceValue, "", value);

    /// <summary>The diagnostic's properties.</summary>
    public static ImmutableDictionary<string, string?> ToProperties(IReadOnlyList<Mend> mends)
    {
        ImmutableDictionary<string, string?> properties = ImmutableDictionary<string, string?>.Empty;
        for (int i = 0; i < mends.Count; i++)
        {
            properties = properties.Add(Key(i), string.Join(
                Separator.ToString(), mends[i].Kind, mends[i].Name, mends[i].Branch.ToString(CultureInfo.InvariantCulture), mends[i].Text));
        }

        return properties;
    }

    public static IEnumerable<Mend> FromProperties(ImmutableDictionary<string, string?> properties)
    {
        for (int i = 0; properties.TryGetValue(Key(i), out string? text) && text is not null; i++)
        {
            string[] parts = text.Split([Separator], 4);
            var kind = (MendKind)System.Enum.Parse(typeof(MendKind), parts[0]);
            yield return new Mend(kind, parts[1], parts[3], int.Parse(parts[2], CultureInfo.InvariantCulture));
        }
    }

    private static string Key(int index) => "Mend" + index.ToString(CultureInfo.InvariantCulture);
}
