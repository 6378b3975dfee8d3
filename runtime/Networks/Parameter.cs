using System;
using System.Collections.Generic;
using Strata.CompilerServices;

namespace Strata;

/// <summary>
/// One parameter of a network: a tensor with the name, shape and order of elements that it has in PyTorch's state_dict. The network
/// keeps it packed for its kernels, so it is read and written by copying.
/// </summary>
public sealed class Parameter
{
    private readonly AlignedMemory _memory;

    internal Parameter(CompiledNetwork network, int index, ParameterInfo info, ParameterLayout layout, AlignedMemory memory)
    {
        Network = network;
        Index = index;
        Info = info;
        Layout = layout;
        _memory = memory;
        Length = CompiledNetwork.Product(info.Shape);
    }

    /// <summary>The name in PyTorch's state_dict: <c>conv1.weight</c>.</summary>
    public string Key => Info.Key;

    /// <summary>The extents as in PyTorch, such as (O, I/groups, kH, kW) of a 2-D convolution, (O, I) of a dense layer.</summary>
    public IReadOnlyList<int> Shape => Info.Shape;

    /// <summary>Number of elements.</summary>
    public int Length { get; }

    /// <summary>Whether an optimizer changes it. False for frozen layers and for running statistics.</summary>
    public bool IsTrainable => !Info.Frozen && Info.Role != ParameterRole.Buffer;

    /// <summary>Whether each training pass changes it: running statistics of a batch norm that is not frozen.</summary>
    internal bool IsMovedByPasses => Info.Role == ParameterRole.Buffer && !Info.Frozen;

    internal string Layer => Info.Layer;

    internal CompiledNetwork Network { get; }

    internal int Index { get; }

    internal ParameterInfo Info { get; }

    internal ParameterLayout Layout { get; }

    /// <summary>Reads all elements in PyTorch's (row-major) order.</summary>
    /// <param name="destination">At least <see cref="Length"/> floats.</param>
    /// <exception cref="ArgumentException"><paramref name="destination"/> is too short.</exception>
    /// <exception cref="InvalidOperationException">Another thread changes the network.</exception>
    /// <exception cref="ObjectDisposedException">The network was disposed of.</exception>
    public void CopyTo(Span<float> destination)
    {
        using Lifetime.Hold hold = Network.Enter();
        Gather(_memory, 0, CheckDestination(destination));
    }

    /// <summary>Replaces all elements.</summary>
    /// <param name="source">Exactly <see cref="Length"/> floats in PyTorch's (row-major) order.</param>
    /// <exception cref="ArgumentException"><paramref name="source"/> has another length.</exception>
    /// <exception cref="InvalidOperationException">Another thread uses the network: it would see old and new values mixed.</exception>
    /// <exception cref="ObjectDisposedException">The network was disposed of.</exception>
    public void CopyFrom(ReadOnlySpan<float> source)
    {
        using Lifetime.Hold hold = Network.EnterAlone();
        if (source.Length != Length)
        {
            throw new ArgumentException($"Parameter '{Key}' has {MessageText.Count(Length, "element")}, but {source.Length} were given.",
                nameof(source));
        }

        Scatter(source, 0, _memory);
        if (IsMovedByPasses)
        {
            Network.TakeOver();
        }
        else
        {
            Network.ParametersChanged();
        }
    }

    /// <summary>The key with the shape: <c>conv1.weight (6, 1, 5, 5)</c>.</summary>
    public override string ToString() => $"{Key} {MessageText.Shape(Shape)}";

    internal Span<float> CheckDestination(Span<float> destination) => destination.Length >= Length
        ? destination[..Length]
        : throw new ArgumentException(
            $"Parameter '{Key}' has {MessageText.Count(Length, "element")}, but the destination only {destination.Length}.",
            nameof(destination));

    /// <summary>
    /// Reads elements from <paramref name="start"/> on. <paramref name="memory"/> has, from <paramref name="offset"/> on, the layout of the
    /// network's parameters. The caller holds a <see cref="Lifetime.Hold"/> of what owns the memory.
    /// </summary>
    internal unsafe void Gather(AlignedMemory memory, int start, Span<float> destination, long offset = 0) =>
        Layout.Gather(memory.Pointer + offset, start, destination);

    /// <summary>
    /// Writes elements from <paramref name="start"/> on. <paramref name="memory"/> has, from <paramref name="offset"/> on, the layout of
    /// the network's parameters. The caller holds a <see cref="Lifetime.Hold"/> of what owns the memory.
    /// </summary>
    internal unsafe void Scatter(ReadOnlySpan<float> source, int start, AlignedMemory memory, long offset = 0) =>
        Layout.Scatter(source, start, memory.Pointer + offset);

    /// <summary>
    /// Copies all elements of a parameter of the same shape. <paramref name="from"/> and <paramref name="to"/> have, from the offsets on,
    /// the layouts of the two networks' parameters.
    /// </summary>
    internal unsafe void Copy(Parameter source, AlignedMemory from, AlignedMemory to, long fromOffset = 0, long toOffset = 0)
    {
        ParameterPacking packing = Layout.Packing;
        if (packing.HasOrderOf(source.Layout.Packing))
        {
            new ReadOnlySpan<float>(from.Pointer + fromOffset + source.Layout.Packing.Offset, packing.Length)
                .CopyTo(new Span<float>(to.Pointer + toOffset + packing.Offset, packing.Length));
            GC.KeepAlive(from);
            return;
        }

        Span<float> chunk = stackalloc float[ParameterSet.ChunkLength];
        for (int start = 0; start < Length; start += chunk.Length)
        {
            Span<float> values = chunk[..int.Min(chunk.Length, Length - start)];
            source.Gather(from, start, values, fromOffset);
            Scatter(values, start, to, toOffset);
        }
    }
}
