using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Text;

namespace Strata.Onnx.Text;

/// <summary>Which names layers can have, and which identifiers they become.</summary>
internal static class LayerNames
{
    /// <summary>The most characters of a name. What is longer was made up by a program.</summary>
    public const int MostLength = 120;

    /// <summary>Members of every struct, whose names no property of a layer in a block can have.</summary>
    private static readonly string[] OfObjects =
        ["Equals", "GetHashCode", "GetType", "ToString", "MemberwiseClone", "ReferenceEquals", "Finalize"];

    private static readonly string[] Keywords =
        ("abstract as base bool break byte case catch char checked class const continue decimal default delegate do double else "
        + "enum event explicit extern false finally fixed float for foreach goto if implicit in int interface internal is lock "
        + "long namespace new null object operator out override params private protected public readonly ref return sbyte sealed "
        + "short sizeof stackalloc static string struct switch this throw true try typeof uint ulong unchecked unsafe ushort "
        + "using virtual void volatile while").Split(' ');

    private static readonly HashSet<string> OfNetworks =
    [
        .. Compiler.Declarations.LayerNames.GeneratedMembers,
        .. OfObjects,
        .. typeof(CompiledNetwork)
            .GetMembers(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static)
            .Where(IsInherited)
            .Select(member => member.Name),
    ];

    /// <summary>Whether C# reserves a word.</summary>
    public static bool IsKeyword(string word) => Keywords.Contains(word);

    /// <summary>Whether the property of a layer of the network itself cannot have this name.</summary>
    public static bool IsMemberOfNetworks(string identifier) => OfNetworks.Contains(identifier);

    /// <summary>Whether the property of a layer of a block cannot have this name.</summary>
    public static bool IsMemberOfObjects(string identifier) => OfObjects.Contains(identifier);

    /// <summary>The identifier of a name, as the compiler has it. Null if there is none, or if it has letters beyond ASCII.</summary>
    public static string? Identifier(string name) =>
        name.All(IsLetterOfNames) ? Compiler.Declarations.LayerNames.Identifier(name, out _) : null;

    /// <summary>A valid name like a text: <c>/features/conv 1</c> gives <c>features.conv_1</c>. Null if no letter remains.</summary>
    public static string? Valid(string text)
    {
        var name = new StringBuilder();
        foreach (char letter in text.Length <= MostLength ? text : "")
        {
            char kept = letter is '/' or ':' ? '.' : IsLetterOfNames(letter) ? letter : '_';
            if (kept != '.' || (name.Length > 0 && name[^1] != '.'))
            {
                name.Append(kept);
            }
        }

        string valid = name.ToString().Trim('.');
        return valid.All(letter => letter is '_' or '-' or '.') ? null : Identifier(valid) is not null ? valid : "_" + valid;
    }

    /// <summary>Whether a path ends with a module. Exporters write operators in capitals: <c>layer1.0.Add</c>.</summary>
    public static bool IsModule(string path) => path.Length > 0 && !char.IsAsciiLetterUpper(path.Split('.')[^1].FirstOrDefault());

    /// <summary>A valid name of an input or output, which becomes a parameter of methods.</summary>
    public static string? ValidParameter(string text)
    {
        string? valid = Valid(text)?.Replace('.', '_').Replace('-', '_');
        return valid is null ? null : char.IsAsciiDigit(valid[0]) || IsKeyword(valid) ? "_" + valid : valid;
    }

    private static bool IsInherited(MemberInfo member) => member switch
    {
        MethodBase method => (method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly) && !method.IsSpecialName,
        FieldInfo field => field.IsPublic || field.IsFamily || field.IsFamilyOrAssembly,
        PropertyInfo property => property.GetAccessors(nonPublic: true).Any(method => method.IsPublic || method.IsFamily),
        _ => true,
    };

    private static bool IsLetterOfNames(char letter) => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-' or '.';
}
