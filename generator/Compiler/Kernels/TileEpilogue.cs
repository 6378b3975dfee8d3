using System.Linq;
using Strata.Compiler.Graph;
using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Kernels;

/// <summary>
/// Records what happens to a tile between its last multiply-add and its store: its operands, and the steps of <see cref="Epilogue"/>.
/// </summary>
internal sealed class TileEpilogue
{
    private readonly TiledConvolution _kernel;
    private readonly TileRegisters _tile;
    private readonly KernelBuilder _k;
    private readonly Pointer _output;
    private readonly Pointer? _scale, _shift, _other, _saved, _indices;
    private readonly TileElement[] _stored;
    private readonly TileActivation _activation;
    private Variable? _tail;

    public TileEpilogue(TiledConvolution kernel, TileRegisters tile, KernelBuilder k)
    {
        (_kernel, _tile, _k) = (kernel, tile, k);
        (_scale, _shift) = Epilogue.Scaled ? (k.Parameter("scale"), k.Parameter("shift")) : (null, null);
        _other = Epilogue.Join is { } join ? k.Parameter(join.Function.Operand) : null;
        _saved = Epilogue.Gradient is not null ? k.Parameter("activation") : null;
        _output = k.Parameter("output");
        _indices = Epilogue.RecordIndices ? k.Parameter(new Pointer("indices", _kernel.Tier.LaneBits)) : null;
        _stored = [.. tile.Elements.Where(e => e.Row < kernel.Tile.Rows / Pool.Height && e.Column < TileColumns)];
        _activation = new TileActivation(ActivatesBeforePool ? null : Epilogue.Activation, _stored.Length);
    }

    private Epilogue Epilogue => _kernel.Epilogue;

    private FusedPool Pool => _kernel.Pool;

    /// <summary>Rows of the result, after pooling.</summary>
    private int Rows => _kernel.Extents.Rows / Pool.Height;

    /// <summary>Columns of the result, or vectors of them.</summary>
    private int Columns => _kernel.Extents.Columns / _kernel.PoolColumns;

    /// <summary>Columns of the result that a tile stores.</summary>
    private int TileColumns => _kernel.Tile.Columns / _kernel.PoolColumns;

    /// <summary>
    /// Whether the activation comes before pooling. If the activation is increasing, the maximum can be taken first, and fewer activations
    /// are computed. A mean is always that of the activations.
    /// </summary>
    private bool ActivatesBeforePool =>
        Epilogue.Pool is not null && (Pool.Kind == PoolingKind.Average || Epilogue.Activation is { IsIncreasing: false });

    /// <summary>Records what all tiles use.</summary>
    public void Begin()
    {
        _activation.Declare(_k);

        // At other sizes the last vector may be partly filled.
        int valid = Epilogue.ValidLanes == 0 && _kernel is { IsOfSizes: true, LaneUse: LaneUse.RowLanes }
            ? _kernel.Tier.Lanes : Epilogue.ValidLanes;
        if (valid > 0)
        {
            _tail = _k.Let("tail", Intrinsics.LanesBefore(Constant.Single(valid)));
        }
    }

    public void Record(TilePosition at)
    {
        if (Epilogue.Scaled)
        {
            RecordScale(at);
        }

        Pointer y = _k.PointTo("y", _output[Start(at, _kernel.Operands.Output)]);
        Pointer? r = Epilogue.Join is { } join ? _k.PointTo("r", _other![Start(at, join.Other)]) : null;
        Pointer? z = Epilogue.Gradient is { } gradient ? _k.PointTo("z", _saved![Start(at, gradient.Saved)]) : null;
        Pointer? planes = _indices is null ? null : _k.PointTo("planes", _indices[StartOfIndices(at)]);
        Expression[] results = _activation.Of(_k, [.. _stored.Select(e => Epilogue.Joined(
            Epilogue.Pool is not null ? Pooled(e, planes) : _tile[e.Channel, e.Row, e.Column],
            r?[Offset(e, Epilogue.Join!.Other, "r")].Vector))]);
        _k.Group(() =>
        {
            for (int i = 0; i < _stored.Length; i++)
            {
                _k.Store(y[Offset(_stored[i], _kernel.Operands.Output, "y")], ResultOf(_stored[i], results[i], at, z));
            }
        });
    }

    /// <summary>Where a tile begins in a tensor of the result's shape. The groups follow each other.</summary>
    private Index Start(TilePosition at, Strides strides) => Index.Sum(
        (at.Group, strides.Channel * _kernel.Extents.Channels), (at.Channel, strides.Channel), (at.Plane, strides.Plane),
        (at.Row, strides.Row),
        (at.Column, strides.Column));

    /// <summary>Where a tile begins in the planes of bits that hold the indices of the maxima.</summary>
    private Index StartOfIndices(TilePosition at)
    {
        int row = Columns * Pool.IndexBits, plane = Rows * row, channel = _kernel.Extents.Planes * plane;
        return Index.Sum(
            (at.Group, _kernel.Extents.Channels * channel), (at.Channel, channel), (at.Plane, plane), (at.Row, row),
            (at.Column, Pool.IndexBits));
    }

    private static Index Offset(TileElement e, Strides strides, string pointer) =>
        (e.Channel * Number.Offset(strides.Channel, pointer + "ChannelStride"))
        + (e.Row * Number.Offset(strides.Row, pointer + "RowStride")) + (e.Column * strides.Column);

    /// <summary>What is stored of a result: multiplied by the gradient of an activation, and 0 beyond the row.</summary>
    private Expression ResultOf(TileElement e, Expression value, TilePosition at, Pointer? z)
    {
        if (Epilogue.Gradient is { } gradient)
        {
            value = new Call(GradientAt(gradient.Activation), new AddressOf(z![Offset(e, gradient.Saved, "z")]), value);
        }

        if (_tail is null || e.Column != TileColumns - 1)
        {
            return value;
        }

        // Only the last vector of a row has lanes beyond the row, and only the last tile has that vector.
        return Columns > TileColumns || _k.DependsOnSize("tileColumn")
            ? Expression.Select(
                Index.AreEqual(at.Column + e.Column, _k.OfLoop("tileColumn", Columns - 1, "lastVector")), _tail & value, value)
            : _tail & value;
    }

    /// <summary>Scale and shift of each channel, while its outputs are in registers.</summary>
    private void RecordScale(TilePosition at)
    {
        Index offset = _kernel.PerChannel(at);
        Pointer[] pointers = _k.PointTo(("scales", _scale![offset]), ("shifts", _shift![offset]));
        _tile.RecordScale(_k, channel => (_kernel.OfChannel(pointers[0], channel), _kernel.OfChannel(pointers[1], channel)));
    }

    private Expression Pooled(TileElement e, Pointer? planes)
    {
        Expression[] window =
        [
            .. from ky in Enumerable.Range(0, Pool.Height)
               from kx in Enumerable.Range(0, _kernel.PoolColumns)
               let a = _tile[e.Channel, (e.Row * Pool.Height) + ky, (e.Column * _kernel.PoolColumns) + kx]
               select ActivatesBeforePool ? Epilogue.Activated(a) : a,
        ];
        if (_kernel.LaneUse == LaneUse.RowLanes)
        {
            return PooledPairs.Pool(Pool, window, _kernel.PoolColumns, _kernel.Tier.Lanes);
        }

        if (Pool.Kind == PoolingKind.Average || planes is null)
        {
            return Epilogue.Pooled(window);
        }

        int bits = Pool.IndexBits;
        Index place = (e.Channel * Number.Offset(_kernel.Extents.Planes * Rows * Columns * bits, "planesChannelStride"))
            + (e.Row * Number.Offset(Columns * bits, "planesRowStride")) + (e.Column * bits);
        return new Call(MaximumAndIndices(window.Length, bits, planes.Element), [.. window, new AddressOf(planes[place])]);
    }

    /// <summary>The gradient of an activation's input, with the output read from where it is saved.</summary>
    private static DefinedFunction GradientAt(Activation activation)
    {
        var k = new KernelBuilder(0);
        Pointer output = k.Parameter("output");
        Variable gradient = k.VectorParameter("gradient"), y = k.Let("y", output[0].Vector);
        k.Return(activation.GradientOf(y, gradient));
        return new DefinedFunction(
            activation.Identifier + "Gradient", $"The gradient in front of {activation.Title}, from its output and the gradient behind it.",
            k.Nest(ElementType.Vector));
    }

    /// <summary>
    /// The maximum of a window, the first of equal ones as in PyTorch. Bit k of its index is saved as a plane with one bit for
    /// each lane.
    /// </summary>
    private static DefinedFunction MaximumAndIndices(int count, int bits, ElementType plane)
    {
        var k = new KernelBuilder(0);
        Variable[] x = [.. Enumerable.Range(0, count).Select(i => k.VectorParameter($"x{i}"))];
        Pointer planes = k.Parameter(new Pointer("planes", plane));
        Variable max = k.Let("max", x[0]);
        var index = new Expression?[bits];
        for (int j = 1; j < count; j++)
        {
            Variable greater = k.Let($"greater{j}", Intrinsics.LaneBits(Intrinsics.ReplacesMaximum(x[j], max)));
            k.Set(max, Functions.Max(max, x[j]));
            for (int bit = 0; bit < bits; bit++)
            {
                index[bit] = ((j >> bit) & 1) == 1
                    ? index[bit] is { } higher ? higher | greater : greater
                    : index[bit] is { } lower ? lower & ~(Expression)greater : null;
            }
        }

        for (int bit = 0; bit < bits; bit++)
        {
            k.Store(planes[bit], new Conversion(plane, index[bit]!));
        }

        k.Return(max);
        return new DefinedFunction("Maximum", $"The largest of {count}; the first one's index as planes of bits.",
            k.Nest(ElementType.Vector));
    }
}
