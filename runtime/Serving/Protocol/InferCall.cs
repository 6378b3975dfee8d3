using System;
using System.Buffers;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using System.Threading;
using System.Threading.Tasks;

namespace Strata.Serving.Protocol;

/// <summary>A request of the protocol on its way to a model: its tensors become the network's inputs, and back.</summary>
/// <param name="model">The model.</param>
internal sealed class InferCall(ServedModel model) : IDisposable
{
    private readonly bool[] _isGiven = new bool[model.Info.Inputs.Count];
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

    public ReadOnlySpan<float> Outputs => _outputs.AsSpan(0, Samples * model.OutputLength);

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

        Wanted.Add((output, isBinary, (int)Math.Min(classes, Tensors.Length(model.Info.Outputs[output]))));
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
        long[] shape = [.. Tensors.ShapeOf(input)];
        shape[0] = bytes.Length / sample;
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

        if (_isGiven[input])
        {
            throw ProtocolException.Bad($"The input '{name}' is given twice.");
        }

        if (dataType != Tensors.DataType)
        {
            throw ProtocolException.Bad($"The input '{name}' is {Tensors.DataType}, not '{dataType}'.");
        }

        TensorInfo tensor = model.Info.Inputs[input];
        if (shape.Count != tensor.Shape.Count + 1 || shape[0] < 1 || shape[0] > model.MaxBatch || !FitsBehindBatch(shape, tensor))
        {
            throw ProtocolException.Bad(
                $"The input '{name}' of model '{model.Name}' is {Tensors.Text(Tensors.ShapeOf(tensor))} with 1 to {model.MaxBatch} samples,"
                + $" not {Tensors.Text(shape)}.");
        }

        int samples = (int)shape[0], length = Tensors.Length(tensor);
        if (Samples > 0 && Samples != samples)
        {
            throw ProtocolException.Bad($"The input '{name}' has {samples} samples, but another input has {Samples}.");
        }

        if (values.Length != samples * length)
        {
            throw ProtocolException.Bad(
                $"The input '{name}' of shape {Tensors.Text(shape)} has {values.Length} numbers instead of {samples * length}.");
        }

        if (Samples == 0)
        {
            (Samples, _inputs) = (samples, ArrayPool<float>.Shared.Rent(samples * model.InputLength));
        }

        int offset = model.Info.Inputs.Take(input).Sum(Tensors.Length);
        for (int n = 0; n < samples; n++)
        {
            values.Slice(n * length, length).CopyTo(_inputs.AsSpan((n * model.InputLength) + offset));
        }

        _isGiven[input] = true;
    }

    /// <summary>Computes the outputs.</summary>
    public async ValueTask InferAsync(CancellationToken cancellation)
    {
        int missing = Array.IndexOf(_isGiven, false);
        if (missing >= 0)
        {
            throw ProtocolException.Bad($"The input '{model.Info.Inputs[missing].Name}' of model '{model.Name}' is missing.");
        }

        _outputs = ArrayPool<float>.Shared.Rent(Samples * model.OutputLength);
        await model.InferAsync(
            _inputs.AsMemory(0, Samples * model.InputLength), _outputs.AsMemory(0, Samples * model.OutputLength), Options, cancellation)
            .ConfigureAwait(false);
    }

    /// <summary>The outputs to answer with.</summary>
    public IEnumerable<Answer> Answers()
    {
        if (Wanted.Count == 0)
        {
            int offset = 0;
            foreach (TensorInfo tensor in model.Info.Outputs)
            {
                yield return new Answer(tensor, offset, IsBinary, Classes: 0);
                offset += Tensors.Length(tensor);
            }
        }

        foreach ((int output, bool? isBinary, int classes) in Wanted)
        {
            yield return new Answer(
                model.Info.Outputs[output], model.Info.Outputs.Take(output).Sum(Tensors.Length), isBinary ?? IsBinary, classes);
        }
    }

    /// <summary>Gives the memory back. No batch may use it any more.</summary>
    public void Dispose()
    {
        foreach (float[] array in new[] { _inputs, _outputs })
        {
            if (array.Length > 0)
            {
                ArrayPool<float>.Shared.Return(array);
            }
        }

        (_inputs, _outputs) = ([], []);
    }

    private static bool FitsBehindBatch(IReadOnlyList<long> shape, TensorInfo tensor)
    {
        for (int i = 0; i < tensor.Shape.Count; i++)
        {
            if (shape[i + 1] != tensor.Shape[i])
            {
                return false;
            }
        }

        return true;
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
