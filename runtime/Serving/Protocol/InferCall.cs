using System;
using System.Buffers;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using System.Threading;
using System.Threading.Tasks;
using Strata.Serving.Models;

namespace Strata.Serving.Protocol;

/// <summary>A request of the protocol on its way to a model: its tensors become the network's inputs, and back.</summary>
/// <param name="model">The model.</param>
internal sealed class InferCall(ServedModel model) : IDisposable
{
    /// <summary>For each input, the values of all samples, and its extents without the batch; empty before it is given.</summary>
    private readonly float[][] _values = [.. model.Info.Inputs.Select(_ => Array.Empty<float>())];
    private readonly int[][] _shapes = [.. model.Info.Inputs.Select(_ => Array.Empty<int>())];
    private NetworkInfo _info = model.Info;
    private float[] _inputs = [];
    private float[] _outputs = [];

    public ServedModel Model => model;

    public string Id { get; set; } = "";

    public InferenceOptions Options { get; set; }

    /// <summary>
    /// The outputs that the client wants, by their numbers, whether as bytes, and how many classes in place of numbers. None means all.
    /// </summary>
    public List<(int Output, bool? IsBinary, int Classes)> Wanted { get; } = [];

    /// <summary>Whether the client wants all outputs as bytes.</summary>
    public bool IsBinary { get; set; }

    public int Samples { get; private set; }

    /// <summary>Floats of one sample's outputs at the size of its inputs.</summary>
    public int OutputLength { get; private set; } = model.OutputLength;

    public ReadOnlySpan<float> Outputs => _outputs.AsSpan(0, Samples * OutputLength);

    /// <summary>The protocol's parameter <c>priority</c>: 0 is the default, 1 the highest.</summary>
    public void SetPriority(long priority) => Options = Options with
    {
        Priority = priority switch { 0 => InferencePriority.Normal, 1 => InferencePriority.High, _ => InferencePriority.Low },
    };

    /// <summary>The protocol's parameter <c>timeout</c>, in microseconds. 0 is the model's own.</summary>
    public void SetTimeout(long microseconds) => Options = Options with
    {
        Timeout = microseconds switch
        {
            0 => null,
            > 0 and <= 3_600_000_000 => TimeSpan.FromMicroseconds(microseconds),
            _ => throw ProtocolException.Bad($"The parameter 'timeout' is 0 to 3,600,000,000 microseconds, not {microseconds}."),
        },
    };

    /// <summary>Asks for an output.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="isBinary">Whether as bytes; null for what the request says of all.</param>
    /// <param name="classes">How many of the likeliest classes in place of the numbers; 0 for the numbers.</param>
    public void Want(string name, bool? isBinary, long classes)
    {
        int output = IndexOf(model.Info.Outputs, name);
        if (output < 0)
        {
            throw ProtocolException.Bad($"Model '{model.Name}' has no output '{name}'; it has {Names(model.Info.Outputs)}.");
        }

        if (Wanted.Any(wanted => wanted.Output == output))
        {
            throw ProtocolException.Bad($"The output '{name}' is asked for twice.");
        }

        if (classes < 0)
        {
            throw ProtocolException.Bad($"The parameter '{ClassificationOutput.Parameter}' of the output '{name}' is {classes}.");
        }

        Wanted.Add((output, isBinary, (int)Math.Min(classes, int.MaxValue)));
    }

    public void Add(string name, string dataType, IReadOnlyList<long> shape, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length % sizeof(float) != 0)
        {
            throw ProtocolException.Bad($"The input '{name}' has {bytes.Length} bytes, which are no whole float32 numbers.");
        }

        Add(name, dataType, shape, MemoryMarshal.Cast<byte, float>(bytes));
    }

    /// <summary>Takes the bytes of the only input, without a word about them: Triton's raw binary request. All outputs are bytes.</summary>
    public void AddRaw(ReadOnlySpan<byte> bytes)
    {
        if (model.Info.Inputs.Count > 1)
        {
            throw ProtocolException.Bad(
                $"A request without JSON has one input, but model '{model.Name}' has {model.Info.Inputs.Count}:"
                + $" {Names(model.Info.Inputs)}.");
        }

        long sample = (long)model.InputLength * sizeof(float);
        if (bytes.Length == 0 || bytes.Length % sample != 0)
        {
            throw ProtocolException.Bad(
                $"A request without JSON has 1 to {model.MaxBatch} samples of {sample} bytes for model '{model.Name}',"
                + $" not {bytes.Length} bytes.");
        }

        TensorInfo input = model.Info.Inputs[0];
        long[] shape = [bytes.Length / sample, .. input.Shape];
        IsBinary = true;
        Add(input.Name, Tensors.DataType, shape, bytes);
    }

    /// <summary>Takes an input tensor.</summary>
    public void Add(string name, string dataType, IReadOnlyList<long> shape, ReadOnlySpan<float> values)
    {
        int input = IndexOf(model.Info.Inputs, name);
        if (input < 0)
        {
            throw ProtocolException.Bad($"Model '{model.Name}' has no input '{name}'; it has {Names(model.Info.Inputs)}.");
        }

        if (_values[input].Length > 0)
        {
            throw ProtocolException.Bad($"The input '{name}' is given twice.");
        }

        if (dataType != Tensors.DataType)
        {
            throw ProtocolException.Bad($"The input '{name}' is {Tensors.DataType}, not '{dataType}'.");
        }

        long[] expected = model.Shapes.Inputs[input];
        if (!Fits(shape, expected))
        {
            throw ProtocolException.Bad(
                $"The input '{name}' of model '{model.Name}' is {Tensors.Text(expected)} with 1 to {model.MaxBatch} samples,"
                + $" not {Tensors.Text(shape)}.{Sizes}");
        }

        int samples = (int)shape[0];
        if (Samples > 0 && Samples != samples)
        {
            throw ProtocolException.Bad($"The input '{name}' has {samples} samples, but another input has {Samples}.");
        }

        long length = shape.Aggregate(1L, (product, extent) => Math.Min(product * extent, int.MaxValue));
        if (values.Length != length)
        {
            throw ProtocolException.Bad(
                $"The input '{name}' of shape {Tensors.Text(shape)} has {values.Length} numbers instead of {length}.");
        }

        Samples = samples;
        _shapes[input] = [.. shape.Skip(1).Select(extent => (int)extent)];
        _values[input] = ArrayPool<float>.Shared.Rent(values.Length);
        values.CopyTo(_values[input]);
    }

    /// <summary>Computes the outputs.</summary>
    public async ValueTask InferAsync(CancellationToken cancellation)
    {
        int missing = Array.FindIndex(_values, values => values.Length == 0);
        if (missing >= 0)
        {
            throw ProtocolException.Bad($"The input '{model.Info.Inputs[missing].Name}' of model '{model.Name}' is missing.");
        }

        int inputLength = model.InputLength;
        if (!_shapes.Zip(model.Info.Inputs).All(pair => pair.First.AsSpan().SequenceEqual([.. pair.Second.Shape])))
        {
            Options = Options with { Size = _shapes.SelectMany(shape => shape.Skip(1)).ToArray() };
            _info = InfoAt(Options.Size.Span);
            inputLength = _info.Inputs.Sum(Tensors.Length);
            OutputLength = _info.Outputs.Sum(Tensors.Length);
        }

        Join(inputLength);
        _outputs = ArrayPool<float>.Shared.Rent(Samples * OutputLength);
        await model.InferAsync(
            _inputs.AsMemory(0, Samples * inputLength), _outputs.AsMemory(0, Samples * OutputLength), Options, cancellation)
            .ConfigureAwait(false);
    }

    /// <summary>The outputs to answer with.</summary>
    public IEnumerable<Answer> Answers()
    {
        if (Wanted.Count == 0)
        {
            int offset = 0;
            foreach (TensorInfo tensor in _info.Outputs)
            {
                yield return new Answer(tensor, offset, IsBinary, Classes: 0);
                offset += Tensors.Length(tensor);
            }
        }

        foreach ((int output, bool? isBinary, int classes) in Wanted)
        {
            TensorInfo tensor = _info.Outputs[output];
            yield return new Answer(
                tensor, _info.Outputs.Take(output).Sum(Tensors.Length), isBinary ?? IsBinary, int.Min(classes, Tensors.Length(tensor)));
        }
    }

    /// <summary>Gives the memory back. No batch may use it any more.</summary>
    public void Dispose()
    {
        foreach (float[] array in _values.Append(_inputs).Append(_outputs).Distinct())
        {
            if (array.Length > 0)
            {
                ArrayPool<float>.Shared.Return(array);
            }
        }

        Array.Fill(_values, []);
        (_inputs, _outputs) = ([], []);
    }

    private string Sizes => model.Shapes.Sizes is { } sizes ? $" Its sizes are {sizes}." : "";

    private bool Fits(IReadOnlyList<long> shape, long[] expected)
    {
        bool fits = shape.Count == expected.Length && shape[0] >= 1 && shape[0] <= model.MaxBatch;
        for (int axis = 1; fits && axis < expected.Length; axis++)
        {
            fits = expected[axis] >= 0 ? shape[axis] == expected[axis] : shape[axis] is >= 1 and <= int.MaxValue;
        }

        return fits;
    }

    private NetworkInfo InfoAt(ReadOnlySpan<int> size)
    {
        try
        {
            return model.InfoAt(size);
        }
        catch (Exception e) when (ModelShapes.IsAboutSize(e))
        {
            // Other messages name files of the server, or say what Sizes says.
            string reason = e is NetworkException ? $" {e.Message}" : "";
            throw ProtocolException.Bad(
                $"Model '{model.Name}' takes no inputs of {Tensors.Text(size.ToArray().Select(extent => (long)extent))}.{Sizes}{reason}");
        }
    }

    /// <summary>Lays several inputs side by side for each sample.</summary>
    private void Join(int inputLength)
    {
        if (_values.Length == 1)
        {
            _inputs = _values[0];
            return;
        }

        _inputs = ArrayPool<float>.Shared.Rent(Samples * inputLength);
        int offset = 0;
        for (int input = 0; input < _values.Length; input++)
        {
            int length = ServedModel.Length(_shapes[input]);
            for (int n = 0; n < Samples; n++)
            {
                _values[input].AsSpan(n * length, length).CopyTo(_inputs.AsSpan((n * inputLength) + offset));
            }

            offset += length;
        }
    }

    private static int IndexOf(IReadOnlyList<TensorInfo> tensors, string name)
    {
        for (int i = 0; i < tensors.Count; i++)
        {
            if (tensors[i].Name == name)
            {
                return i;
            }
        }

        return -1;
    }

    private static string Names(IReadOnlyList<TensorInfo> tensors) => string.Join(", ", tensors.Select(tensor => $"'{tensor.Name}'"));
}
