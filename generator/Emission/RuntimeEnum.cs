using System;
using System.Globalization;

namespace Strata.Compiler.Emission;

/// <summary>The compiler's enums have the names of the runtime's.</summary>
internal static class RuntimeEnum
{
    /// <summary>The enums of layers' arguments. They are named here, since a trimmer keeps no enum that is found by its name.</summary>
    internal static readonly Type[] OfArguments =
    [
        typeof(AutoPad), typeof(Axes), typeof(Filter), typeof(GridPaddingMode), typeof(GridSampleMode), typeof(Initializer),
        typeof(PaddingMode), typeof(PixelOrder), typeof(Reduction), typeof(UpsampleCoordinates), typeof(UpsampleMode),
        typeof(UpsampleRounding),
    ];

    /// <summary>The runtime's member of the same name.</summary>
    public static T Named<T>(Enum member)
        where T : struct, Enum => Enum.Parse<T>(member.ToString());

    /// <summary>The member of the same name where the runtime's type is not known: the value of an argument.</summary>
    public static object Find(Enum member) => Member(member.GetType().Name, Convert.ToInt32(member, CultureInfo.InvariantCulture))
        ?? throw new InvalidOperationException($"No argument of a layer is a {member.GetType()}.");

    /// <summary>A member of an enum of arguments; null if there is no such enum.</summary>
    /// <param name="type">The enum's name.</param>
    public static object? Member(string type, int value) =>
        Array.Find(OfArguments, known => known.Name == type) is { } found ? Enum.ToObject(found, value) : null;
}
