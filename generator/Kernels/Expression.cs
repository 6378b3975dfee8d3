using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Strata.Generator.Graph;
using Strata.Generator.Printing;

namespace Strata.Generator.Kernels;

/// <summary>Pieces of C# that several kernels write.</summary>
internal static class Expression
{
    public static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>1 vector, 2 vectors.</summary>
    public static string Count(int number, string noun) => $"{Number(number)} {noun}{(number == 1 ? "" : "s")}";

    public static string Single(double value) => ((float)value).ToString("R", CultureInfo.InvariantCulture) + "f";

    /// <summary>A sum of variable × stride, without the terms that are 0; brackets where there are several.</summary>
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
        $"{ExpressionPrinter.AsOperand(value)}.StoreUnsafe(ref {array}{(offset == 0 ? "" : $", {Number(offset)}")});";

    /// <summary>
    /// Where an element takes the place of the largest one so far, as in PyTorch: the first of equal ones is kept, and of several that are not
    /// numbers the last.
    /// </summary>
    public static string ReplacesMaximum(string element, string largest) => $"Simd.GreaterThan({element}, {largest}) | Simd.IsNaN({element})";

    public static string Activate(SourceWriter writer, Activation? activation, string x) =>
        activation is null ? x : FormulaPrinter.Print(writer, activation.Name, activation.Value, (Activation.X, x));

    /// <summary>
    /// The gradient in front of an activation, from the gradient <paramref name="g"/> behind it and what was kept: its input or
    /// its output.
    /// </summary>
    public static string ActivationGradient(SourceWriter writer, Activation activation, string kept, string g) => FormulaPrinter.Print(
        writer, activation.Name + "Gradient", activation.Gradient, (activation.NeedsInput ? Activation.X : Activation.Y, kept), (Activation.G, g));
}
