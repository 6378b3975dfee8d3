using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Strata.Generator.Graph;

namespace Strata.Generator.Kernels;

/// <summary>Pieces of C# that several kernels write.</summary>
internal static class Expression
{
    public static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    public static string Single(double value) => ((float)value).ToString("R", CultureInfo.InvariantCulture) + "f";

    /// <summary>A sum of variable × stride, without the terms that are nought; brackets where there are several.</summary>
    public static string Sum(params (string Variable, int Stride)[] terms)
    {
        var parts = new List<string>();
        foreach ((string variable, int stride) in terms)
        {
            if (variable.Length > 0 && stride != 0)
            {
                bool compound = variable.Contains(' ');
                string factor = compound ? $"({variable})" : variable;
                parts.Add(stride == 1 ? factor : $"{factor} * {Number(stride)}");
            }
        }

        return parts.Count switch
        {
            0 => "0",
            1 => parts[0],
            _ => string.Join(" + ", parts.Select(p => p.Contains(" * ") ? $"({p})" : p)),
        };
    }

    /// <summary><c>ref Unsafe.Add(ref x, offset)</c>, or just <c>ref x</c>.</summary>
    public static string Ref(string array, string offset) => offset == "0" ? $"ref {array}" : $"ref Unsafe.Add(ref {array}, {offset})";

    public static string Load(string array, int offset) =>
        offset == 0 ? $"Simd.LoadUnsafe(ref {array})" : $"Simd.LoadUnsafe(ref {array}, {Number(offset)})";

    /// <summary>One float in all lanes.</summary>
    public static string Broadcast(string array, int offset) =>
        offset == 0 ? $"Simd.Create({array})" : $"Simd.Create(Unsafe.Add(ref {array}, {Number(offset)}))";

    public static string Store(string value, string array, int offset) =>
        offset == 0 ? $"{value}.StoreUnsafe(ref {array});" : $"{value}.StoreUnsafe(ref {array}, {Number(offset)});";

    /// <summary>The activation of a vector. Zero stands first in the maximum: x86 returns the second operand where one is NaN.</summary>
    public static string Activate(ActivationKind? kind, string x) => kind switch
    {
        null => x,
        ActivationKind.ReLU => $"Simd.MaxNative(Vector.Zero, {x})",
        ActivationKind.Sigmoid => $"VectorMath.Sigmoid({x})",
        _ => $"VectorMath.Tanh({x})",
    };

    /// <summary>The gradient in front of an activation, from the gradient <paramref name="g"/> behind it and its output <paramref name="y"/>.</summary>
    public static string ActivationGradient(ActivationKind kind, string y, string g) => kind switch
    {
        ActivationKind.ReLU => $"Simd.GreaterThan({y}, Vector.Zero) & {g}",
        ActivationKind.Sigmoid => $"{g} * {y} * (Vector.One - {y})",
        _ => $"{g} * (Vector.One - ({y} * {y}))",
    };
}
