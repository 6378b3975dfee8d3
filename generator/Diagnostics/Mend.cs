using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;

namespace Strata.Generator.Diagnostics;

/// <summary>What an edit does. Where nothing else is said, it is at the argument or attribute that the problem is reported at.</summary>
internal enum MendKind
{
    /// <summary>Gives an argument of the attribute a value, whether it is there or not.</summary>
    SetArgument,

    /// <summary>Writes another value for the argument.</summary>
    ReplaceValue,

    /// <summary>Writes all arguments of the attribute's constructor anew.</summary>
    ReplaceArguments,

    /// <summary>The same for the attribute of another name that stands nearest before it.</summary>
    ReplaceArgumentsBefore,

    /// <summary>Takes the argument away.</summary>
    RemoveArgument,

    /// <summary>Takes the attribute away.</summary>
    RemoveAttribute,

    /// <summary>Uses another attribute with the same arguments.</summary>
    RenameAttribute,

    /// <summary>Puts another attribute before it.</summary>
    InsertBefore,

    /// <summary>Moves the next attribute of another name behind it to the place before it.</summary>
    MoveUp,

    /// <summary>Moves the attribute of another name that stands nearest before it to the place right before it.</summary>
    MoveDown,

    /// <summary>Moves the attribute of another name that stands nearest before it behind all others.</summary>
    MoveToEnd,

    /// <summary>Moves it behind the last attribute of another name, which has to be behind it.</summary>
    MoveBehindLast,

    /// <summary>Takes the attribute of another name away that stands nearest before it.</summary>
    RemoveBefore,

    /// <summary>Puts another attribute at the end of one of the branches that it joins.</summary>
    InsertInBranch,

    /// <summary>Puts an attribute before all others of the class.</summary>
    AddToClass,

    /// <summary>Takes a modifier of the class away.</summary>
    RemoveModifier,

    /// <summary>Takes the base class away.</summary>
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
