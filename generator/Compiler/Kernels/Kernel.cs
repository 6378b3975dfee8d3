using System.Collections.Generic;
using Strata.Compiler.Graph;
using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Kernels;

/// <summary>A loop nest with every extent and address resolved. Two steps whose nests are the same share one method.</summary>
internal abstract record Kernel(Tier Tier)
{
    /// <summary>A line above the emitted method that says what the kernel does.</summary>
    public abstract string Summary { get; }

    /// <summary>
    /// Whether other sizes of the network have kernels of this form. Then what depends on the size is a number, such as the number of
    /// rounds of a loop, and not a matter of form, such as the absence of a loop.
    /// </summary>
    public bool IsOfSizes { get; init; }

    /// <summary>The nest. Its parameters are in the order of the step's operands.</summary>
    public virtual Nest Build()
    {
        KernelBuilder k = Tier.Builder();
        Record(k);
        return k.Nest(Result);
    }

    /// <summary>
    /// What kernels have in common that could be computed by methods of one form: the kernel without what depends on the size, and without
    /// the choices that change no result. Null if there are no such choices.
    /// </summary>
    public virtual Kernel? Kind => null;

    /// <summary>The kernel with the choices of another one of the same <see cref="Kind"/>; null if they do not fit its extents.</summary>
    public virtual Kernel? Like(Kernel other) => null;

    /// <summary>How threads may divide the kernel. If it has items, its nest takes a range of them.</summary>
    /// <param name="extents">The extents that a step passes to it, in order.</param>
    public virtual Work WorkOf(IReadOnlyList<int> extents) => Work.Whole;

    /// <summary>The type that the nest returns.</summary>
    protected virtual ElementType Result => ElementType.None;

    /// <summary>Records parameters and body.</summary>
    protected abstract void Record(KernelBuilder k);

    /// <summary>The vector that begins at an offset.</summary>
    protected static Expression Load(Pointer pointer, Index offset) => pointer[offset].Vector;

    /// <summary>One float in all lanes.</summary>
    protected static Expression Broadcast(Pointer pointer, Index offset) => pointer[offset].Broadcast;

    /// <summary>1 vector, 2 vectors.</summary>
    public static string Count(int number, string noun) => $"{Arithmetic.Number(number)} {noun}{(number == 1 ? "" : "s")}";
}

/// <summary>Applies activations in kernels.</summary>
internal static class ActivationFormulas
{
    /// <summary>The activation of a value; the value itself if there is no activation.</summary>
    public static Expression Apply(this Activation? activation, Expression x) =>
        activation is null ? x : Formula.Apply(activation.Identifier, activation.Value, (Activation.X, x));

    /// <summary>
    /// The gradient of an activation's input, from the gradient <paramref name="g"/> of its output and the tensor that
    /// was saved: input or output.
    /// </summary>
    public static Expression GradientOf(this Activation activation, Expression saved, Expression g) => Formula.Apply(
        activation.Identifier + "Gradient", activation.Gradient, (activation.NeedsInput ? Activation.X : Activation.Y, saved),
        (Activation.G, g));
}
