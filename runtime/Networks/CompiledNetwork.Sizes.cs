using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.Linq;
using Strata.CompilerServices;

namespace Strata;

/// <content>The network at other sizes of its inputs.</content>
public abstract partial class CompiledNetwork
{
    /// <summary>
    /// Creates an instance of a class that declares further sizes (<see cref="SizesAttribute"/>). Generated code calls it.
    /// </summary>
    /// <param name="info">The network.</param>
    /// <param name="program">Creates the kernels of a tier.</param>
    /// <param name="options">Tier, threads and seed.</param>
    /// <param name="sizes">The further sizes.</param>
    /// <inheritdoc cref="CompiledNetwork(NetworkInfo, Func{Isa, NetworkProgram}, NetworkOptions)"/>
    [EditorBrowsable(EditorBrowsableState.Never)]
    protected CompiledNetwork(
        NetworkInfo info, Func<Isa, NetworkProgram> program, NetworkOptions options, IReadOnlyList<DeclaredSize> sizes)
        : this(info, program, options, initialize: null) => AllSizes = NetworkAtSize.All(this, sizes, options);

    /// <summary>The network at all sizes; null if it has one only.</summary>
    internal NetworkSizes? AllSizes { get; private protected set; }

    /// <summary>
    /// The network at another size of its inputs, with the same parameters: it has its own shapes, memory, layers and activations. What
    /// changes the parameters of one of them, such as <see cref="Load(string)"/> or a step of training, changes those of all, and must be
    /// alone among the calls of all.
    /// </summary>
    /// <remarks>
    /// A class has the sizes of its <see cref="SizesAttribute"/>. A network that was compiled at run time compiles a size when it first
    /// comes, and keeps the sizes that were used last (<c>CompileOptions.MaxSizes</c>). Any threads may ask at once; those that want a size
    /// that is being compiled wait for it. Nothing is allocated when a size comes again. The network that is returned belongs to this one,
    /// and ends with it. If it is no longer kept, it goes on working for whoever has it. A size that breaks a rule, or at which a parameter
    /// would have another shape, is refused by a <c>NetworkException</c> with the arithmetic.
    /// </remarks>
    /// <param name="extents">
    /// The extents of the input without its channels: (length), (height, width) or (depth, height, width). If there are several inputs,
    /// those of all, in the order of the inputs. Inputs that are plain features have none.
    /// </param>
    /// <returns>The network at this size; this network itself if it has this size.</returns>
    /// <exception cref="ArgumentException">
    /// There are too many or too few extents, one is less than 1, or the size is none of those that the network takes.
    /// </exception>
    /// <exception cref="NotSupportedException">
    /// The network has one size only: its class declares no others, or it was saved, or comes from a stream. Or it comes from a file that
    /// computes a parameter from the size.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The network was disposed of.</exception>
    public CompiledNetwork At(params ReadOnlySpan<int> extents)
    {
        if (AllSizes is { } sizes)
        {
            _lifetime.ThrowIfEnded();
            return sizes.At(extents);
        }

        var own = new InputSize(Info);
        return extents.SequenceEqual(own.Extents) ? this : throw OneSize(own, extents);
    }

    /// <summary>
    /// The sizes that <see cref="At"/> takes, with the one that the network was declared with first; null if it takes all multiples of
    /// <see cref="SizeMultiple"/>. A network of one size has a list of one.
    /// </summary>
    public IReadOnlyList<IReadOnlyList<int>>? SupportedSizes => Rule.Sizes;

    /// <summary>
    /// What the extents of other sizes are multiples of, if <see cref="SupportedSizes"/> is null; else 1. The size that the network was
    /// declared with need not be a multiple.
    /// </summary>
    public int SizeMultiple => Rule.Multiple;

    /// <summary>The smallest size that the network takes and into which an input of the given extents fits.</summary>
    /// <param name="extents">The extents of the input, as for <see cref="At"/>.</param>
    /// <returns>The extents, for <see cref="At"/>.</returns>
    /// <exception cref="ArgumentException">
    /// There are too many or too few extents, one is less than 1, or the input fits into no size that the network takes.
    /// </exception>
    public int[] SmallestSizeFor(params ReadOnlySpan<int> extents) => Rule.Smallest(extents);

    private SizeRule Rule => AllSizes?.Rule ?? SizeRule.Only(Info);

    /// <summary>The memory of the parameters, if the program of another size packs all of them in the same places.</summary>
    private AlignedMemory? MemoryFor(NetworkProgram program) =>
        program.ParametersLength == _program.ParametersLength
        && program.Packing.Zip(_program.Packing, (one, other) => one.Offset == other.Offset && one.HasOrderOf(other)).All(same => same)
            ? _memory : null;

    private NotSupportedException OneSize(InputSize own, ReadOnlySpan<int> extents)
    {
        own.Check(extents);
        return new NotSupportedException(
            $"{Info.Name} has one size, {InputSize.Text(own.Extents)}, because it was compiled before this process; found "
            + $"{InputSize.Text(extents)}. A class has more with [Sizes]; a network that is compiled at run time has any size.");
    }
}
