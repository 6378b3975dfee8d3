using System;

namespace Strata.Compiler.Declarations;

/// <summary>The key of a class: its full name; for a class of another assembly, behind <c>[Assembly].</c>.</summary>
internal static class ClassKey
{
    /// <summary>The full name in the key of a class.</summary>
    public static string NameOf(string key)
    {
        AssemblyOf(key, out string name);
        return name;
    }

    /// <summary>The assembly's name in the key of a class of another assembly; null for one of the same.</summary>
    public static string? AssemblyOf(string key, out string name)
    {
        int end = key.StartsWith("[", StringComparison.Ordinal) ? key.IndexOf("].", StringComparison.Ordinal) : -1;
        name = end < 0 ? key : key.Substring(end + 2);
        return end < 0 ? null : key.Substring(1, end - 1);
    }
}
