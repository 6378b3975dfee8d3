using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Strata.CompilerServices;

namespace Strata;

/// <summary>Inference that keeps the activations of some layers, of all samples of the last call.</summary>
internal sealed unsafe class Observer : IDisposable
{
    private readonly CompiledNetwork _network;
    private readonly List<(string Layer, int Offset, int Length)> _layers = [];
    private readonly Lock _gate = new();

    /// <summary>The arena, followed by scratch memory.</summary>
    private readonly AlignedMemory _arena;
    private readonly long _scratchOffset;
    private readonly AlignedMemory _sample;
    private readonly float[][] _kept;
    private int _samples;

    /// <param name="network">The network.</param>
    /// <param name="layers">The layers' keys.</param>
    /// <param name="name">The argument that exceptions name if the network cannot be observed.</param>
    public Observer(CompiledNetwork network, IReadOnlyList<string> layers, string name = "layers")
    {
        _network = network;
        if (layers.Contains(null))
        {
            throw new ArgumentException($"A name in {nameof(NetworkOptions)}.{nameof(NetworkOptions.Observe)} is null.", nameof(layers));
        }

        if (network.Program.ObservationArenaLength == 0)
        {
            throw new ArgumentException(
                $"{network.Info.Name} cannot be observed; declare it with [Network(Observable = true)].", name);
        }

        int offset = 0;
        foreach (LayerInfo layer in network.Info.Layers)
        {
            int length = CompiledNetwork.Product(layer.OutputShape);
            if (layers.Contains(layer.Name))
            {
                _layers.Add(layer.TrainingOnly
                    ? throw new ArgumentException($"Layer '{layer.Name}' of {network.Info.Name} exists in training only.", nameof(layers))
                    : (layer.Name, offset, length));
            }

            offset = checked(offset + length);
        }

        if (layers.FirstOrDefault(l => _layers.All(known => known.Layer != l)) is { } unknown)
        {
            throw new ArgumentException($"{network.Info.Name} has no layer '{unknown}' to observe.", nameof(layers));
        }

        _scratchOffset = AlignedMemory.RoundUp(network.Program.ObservationArenaLength);
        (_arena, _sample) = AlignedMemory.Pair(_scratchOffset + network.Program.ScratchLength, offset);
        _kept = _layers.ConvertAll(_ => Array.Empty<float>()).ToArray();
    }

    public void Infer(ReadOnlySpan<float> inputs, Span<float> outputs, int samples)
    {
        foreach ((string layer, _, int length) in _layers)
        {
            if ((long)samples * length > Array.MaxLength)
            {
                throw new ArgumentException(
                    $"Layer '{layer}' of {_network.Info.Name} is observed: {samples} samples of {length} floats are "
                    + "more than an array holds. "
                    + $"Call Forward with at most {Array.MaxLength / length} samples.",
                    nameof(inputs));
            }
        }

        lock (_gate)
        {
            // If this call fails, the activations must not be a mixture of two calls.
            _samples = 0;
            for (int i = 0; i < _kept.Length; i++)
            {
                if (_kept[i].Length < samples * _layers[i].Length)
                {
                    _kept[i] = new float[samples * _layers[i].Length];
                }
            }

            for (int sample = 0; sample < samples; sample++)
            {
                NetworkProgram program = _network.Program;
                ref readonly float input = ref inputs[sample * _network.InputLength];
                ref float output = ref outputs[sample * _network.OutputLength];
                float* parameters = _network.Memory.Pointer, arena = _arena.Pointer, activations = _sample.Pointer;
                using (Denormals.Flush())
                {
                    program.ObserveSample(
                        in input, ref output, in *parameters, ref *arena, ref arena[_scratchOffset], ref *activations);
                }

                for (int i = 0; i < _kept.Length; i++)
                {
                    (_, int offset, int length) = _layers[i];
                    new ReadOnlySpan<float>(_sample.Pointer + offset, length).CopyTo(_kept[i].AsSpan(sample * length, length));
                }
            }

            _samples = samples;
        }
    }

    public ReadOnlySpan<float> Activation(string layer)
    {
        int index = _layers.FindIndex(l => l.Layer == layer);
        lock (_gate)
        {
            return index >= 0
                ? _kept[index].AsSpan(0, _samples * _layers[index].Length)
                : throw new ArgumentException($"Layer '{layer}' is not observed; name it in NetworkOptions.Observe.", nameof(layer));
        }
    }

    public void Dispose()
    {
        _arena.Dispose();
        _sample.Dispose();
    }
}
