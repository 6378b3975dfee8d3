using System;

namespace Strata.Compiler.Emission;

/// <summary>The compiler's enums have the names of the runtime's.</summary>
internal static class RuntimeEnum
{
    /// <summary>The runtime's member of the same name.</summary>
    public static T Named<T>(Enum member)
        where T : struct, Enum => Enum.Parse<T>(member.ToString());

    /// <summary>The same where the runtime's type is not known.</summary>
    public static object Find(Enum member) => Enum.ToObject(
        typeof(CompiledNetwork).Assembly.GetType("Strata." + member.GetType().Name, throwOnError: true)!, member);

    /// <summary>A member of an enum of the runtime; null if there is no such enum.</summary>
    /// <param name="type">The enum's full name.</param>
    public static object? Member(string type, int value) =>
        typeof(CompiledNetwork).Assembly.GetType(type) is { IsEnum: true } found ? Enum.ToObject(found, value) : null;
}
