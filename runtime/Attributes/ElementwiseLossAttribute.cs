using System;

namespace Strata;

/// <summary>
/// The base class of losses of your own that compare a tensor with its target element by element. Such a loss is an attribute class with a
/// method <c>Value</c>. The compiler reads the method and derives its gradient.
/// </summary>
/// <remarks>
/// <para>
/// The method is <c>public static float Value(float output, float target)</c>. The rules for the method and for the constants of the class
/// are those of <see cref="ElementwiseAttribute"/>, but a loss has no trained numbers. The gradient is taken with respect to the output.
/// </para>
/// <para>Shape: any. Formula: mean of <c>Value</c> over all values of all samples, or their sum.</para>
/// </remarks>
/// <example>
/// <code>
/// /// &lt;summary&gt;ln cosh(x − target), stable for large differences.&lt;/summary&gt;
/// public sealed class LogCoshAttribute : ElementwiseLossAttribute
/// {
///     public static float Value(float output, float target)
///     {
///         float d = output - target;
///         return d + Functions.Softplus(-2 * d) - MathF.Log(2);
///     }
/// }
/// </code>
/// </example>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public abstract class ElementwiseLossAttribute : LossAttribute
{
    /// <summary>Whether the loss is the mean over all values of all samples (the default) or their sum.</summary>
    public Reduction Reduction { get; set; }
}
