using System.Collections.Generic;
using System.Linq;
using Strata.CompilerServices;

namespace Strata.Training;

/// <summary>
/// The weight gradients of dense layers. They are products of inputs and output gradients, which each block of samples leaves in its slot.
/// They are cut into the same slices for any number of threads.
/// Gradients of large weights can be deferred: the optimizer computes and uses them slice by slice. That saves writing them to memory and
/// reading them back, which would be most of such a step's memory traffic.
/// </summary>
internal sealed unsafe class DenseProducts
{
    /// <summary>
    /// The most samples of a batch whose products may be deferred. With more, it costs too much to compute the norm of the deferred
    /// gradients (<see cref="ProductNorms"/>).
    /// </summary>
    public const int MostDeferredSamples = 32;

    // Weights of 2 MB and more are large. Together with the other data of an update they don't fit in the L2 cache.
    private const int LargeLength = 1 << 19;

    private readonly NetworkProgram _program;
    private readonly int _lanes;

    // Layers with small weights come first.
    private readonly Layer[] _layers;
    private float* _slots;
    private int _slotStride;

    public DenseProducts(NetworkProgram program)
    {
        _program = program;
        _lanes = program.Isa.Lanes();
        _layers = [.. program.DenseGradients.Select((gradient, index) => new Layer(gradient, index))
            .OrderBy(layer => layer.Gradient.Length >= LargeLength)];
        LargeWeights = [.. program.DenseGradients.Where(gradient => gradient.Length >= LargeLength)];
        foreach (Layer layer in _layers)
        {
            layer.FirstSlice = Slices;
            Slices += layer.SlicesOfPanel * layer.Gradient.Panels;
            if (layer.Gradient.Length < LargeLength)
            {
                SmallSlices = Slices;
            }
            else
            {
                LongestLargeSlice = int.Max(LongestLargeSlice, layer.Gradient.RowsPerSlice * layer.Gradient.PanelWidth);
            }
        }
    }

    /// <summary>Number of slices.</summary>
    public int Slices { get; }

    /// <summary>The number of slices that belong to small weights. They come first.</summary>
    public int SmallSlices { get; }

    /// <summary>Floats of the longest slice of large weights.</summary>
    public int LongestLargeSlice { get; }

    /// <summary>Large weights.</summary>
    public IReadOnlyList<DenseGradient> LargeWeights { get; }

    /// <summary>Samples of the batch.</summary>
    public int Samples { get; private set; }

    /// <summary>Whether gradients of large weights are deferred. The slots hold the products' factors until the next pass.</summary>
    public bool AreDeferred { get; private set; }

    /// <summary>A slice.</summary>
    public DenseSlice this[int slice]
    {
        get
        {
            int index = 0;
            while (index + 1 < _layers.Length && _layers[index + 1].FirstSlice <= slice)
            {
                index++;
            }

            Layer layer = _layers[index];
            DenseGradient gradient = layer.Gradient;
            (int panel, int sliceOfPanel) = int.DivRem(slice - layer.FirstSlice, layer.SlicesOfPanel);
            int row = sliceOfPanel * gradient.RowsPerSlice, rows = int.Min(gradient.RowsPerSlice, gradient.Inputs - row);
            return new DenseSlice
            {
                Gradient = gradient,
                Layer = layer.Index,
                Panel = panel,
                Row = row,
                Rows = rows,
            };
        }
    }

    /// <summary>Begins a batch, whose data are in these slots.</summary>
    public void Begin(float* slots, int slotStride, int samples, bool mayDefer)
    {
        _slots = slots;
        (_slotStride, Samples) = (slotStride, samples);
        AreDeferred = mayDefer && SmallSlices < Slices && samples <= MostDeferredSamples;
    }

    /// <summary>Marks the deferred gradients as done: they were computed, or dropped.</summary>
    public void ClearDeferred() => AreDeferred = false;

    /// <summary>Computes a slice over some of the samples, beginning at a block.</summary>
    public void Compute(ref readonly DenseSlice slice, int firstBlock, int samples, float* target)
    {
        DenseGradient gradient = slice.Gradient;
        float* slot = _slots + ((nint)firstBlock * _slotStride);
        float* input = slot + gradient.Input + ((nint)slice.Row * _lanes),
            outputGradient = slot + gradient.Gradient + (slice.Panel * gradient.PanelWidth);
        int layer = slice.Layer, rows = slice.Rows, panelWidth = gradient.PanelWidth, width = gradient.Width;
        using Denormals.Scope flush = Denormals.Flush();
        _program.WeightGradient(
            layer, ref *input, ref *outputGradient, _slotStride, samples, ref *target, rows, panelWidth, width);
    }

    /// <summary>A sample's inputs of a layer, <see cref="InputStride"/> apart.</summary>
    public float* InputsOf(DenseGradient gradient, int sample) => SlotOf(sample) + gradient.Input + (sample % _lanes);

    /// <summary>Floats from one of a sample's inputs to the next.</summary>
    public int InputStride => _lanes;

    /// <summary>A sample's output gradients of a layer, in the order of the packed weights.</summary>
    public float* OutputGradientsOf(DenseGradient gradient, int sample) =>
        SlotOf(sample) + gradient.Gradient + ((nint)(sample % _lanes) * gradient.Width);

    private float* SlotOf(int sample) => _slots + ((nint)(sample / _lanes) * _slotStride);

    private sealed class Layer(DenseGradient gradient, int index)
    {
        public DenseGradient Gradient { get; } = gradient;

        /// <summary>The layer's index in the program.</summary>
        public int Index { get; } = index;

        public int SlicesOfPanel { get; } = ((gradient.Inputs - 1) / gradient.RowsPerSlice) + 1;

        public int FirstSlice { get; set; }
    }
}

/// <summary>Some rows of a panel of a dense layer's weights.</summary>
internal readonly struct DenseSlice
{
    public required DenseGradient Gradient { get; init; }

    /// <summary>Index of the layer among the program's <see cref="NetworkProgram.DenseGradients"/>.</summary>
    public required int Layer { get; init; }

    public required int Panel { get; init; }

    public required int Row { get; init; }

    public required int Rows { get; init; }

    /// <summary>Its first float among the packed parameters.</summary>
    public int Start => Gradient.Weight + (((Panel * Gradient.Inputs) + Row) * Gradient.PanelWidth);

    /// <summary>The number of its floats, which are contiguous.</summary>
    public int Length => Rows * Gradient.PanelWidth;
}
