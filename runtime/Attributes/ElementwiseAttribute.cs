using System;

namespace Strata;

/// <summary>
/// The base class of elementwise layers of your own. Such a layer is an attribute class with a method <c>Value</c>. The compiler reads the
/// method, derives its gradient, and writes both as vector code for every instruction set.
/// </summary>
/// <remarks>
/// <para>
/// The method is <c>public static float Value(float x)</c>, or <c>Value(float a, float b)</c> for a layer that joins two
/// tensors. It may have:
/// <list type="bullet">
/// <item><description>an expression, or locals and a <c>return</c></description></item>
/// <item><description>arithmetic, and <c>condition ? a : b</c> with comparisons</description></item>
/// <item><description>members of <see cref="MathF"/>, <see cref="Math"/> and <see cref="float"/>, and
/// <see cref="Functions"/></description></item>
/// <item><description>other static methods of the project of this form</description></item>
/// </list>
/// A network computes in floats, even what the method writes in <see cref="double"/>.
/// </para>
/// <para>
/// The private constants of the class are its parameters, as in a <see cref="BlockAttribute"/>: if a constructor has a
/// parameter with the name of a constant (ignoring case), its argument replaces the constant at each use. A constant with
/// <see cref="TrainedAttribute"/> is the initial value of numbers that training changes.
/// </para>
/// <para>
/// Shape: unchanged. Two tensors are broadcast as in PyTorch: an axis of extent 1 is repeated along the other's.
/// </para>
/// </remarks>
/// <example>
/// <code>
/// /// &lt;summary&gt;x·tanh(softplus(βx)), after Misra 2019.&lt;/summary&gt;
/// public sealed class BetaMishAttribute : ElementwiseAttribute
/// {
///     private const double Beta = 1;
///     public BetaMishAttribute(double beta = Beta) { }
///     public static float Value(float x) => x * MathF.Tanh(Functions.Softplus((float)Beta * x));
/// }
///
/// [Conv2D(32, 3), BetaMish(1.5), MaxPool2D(2)]
/// </code>
/// </example>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public abstract class ElementwiseAttribute : LayerAttribute
{
    /// <summary>
    /// Names of the two tensors that a layer with <c>Value(float a, float b)</c> joins, such as <c>["x", "gate"]</c>. By
    /// default it joins the two branches before it.
    /// </summary>
    public string[]? Tensors { get; set; }
}
