using System;
using System.Collections.Generic;
using System.Linq;

namespace Strata;

/// <summary>The parameters of an instance. It draws and copies the values of all of them.</summary>
internal sealed class ParameterSet
{
    /// <summary>Floats that are moved at a time, in PyTorch's order.</summary>
    public const int ChunkLength = 1024;

    private readonly Parameter[] _parameters;
    private readonly AlignedMemory _memory;

    /// <param name="network">The instance, whose program is known.</param>
    /// <param name="memory">The memory of the values.</param>
    public ParameterSet(CompiledNetwork network, AlignedMemory memory)
    {
        _memory = memory;
        IReadOnlyList<ParameterInfo> infos = network.Info.Parameters;
        _parameters = new Parameter[infos.Count];
        for (int i = 0; i < _parameters.Length; i++)
        {
            var layout = new ParameterLayout(infos[i], network.Program.Packing[i]);
            _parameters[i] = new Parameter(network, i, infos[i], layout, memory);
        }

        All = Array.AsReadOnly(_parameters);
    }

    /// <summary>In the order of the layers.</summary>
    public IReadOnlyList<Parameter> All { get; }

    /// <summary>The parameter with this key; null if there is none.</summary>
    public Parameter? Find(string key) => Array.Find(_parameters, p => p.Key == key);

    /// <summary>Draws the initial values.</summary>
    public void Draw(ulong seed)
    {
        Span<float> chunk = stackalloc float[ChunkLength];
        foreach (Parameter parameter in _parameters)
        {
            for (int start = 0; start < parameter.Length; start += chunk.Length)
            {
                Span<float> values = chunk[..int.Min(chunk.Length, parameter.Length - start)];
                ParameterInitializer.Draw(parameter.Info, seed, parameter.Index, start, values);
                parameter.Scatter(values, start, _memory);
            }
        }
    }

    /// <summary>Copies the values of the same network at another size.</summary>
    public void CopyFromSize(ParameterSet source)
    {
        for (int i = 0; i < _parameters.Length; i++)
        {
            _parameters[i].Copy(source._parameters[i], source._memory, _memory);
        }
    }

    /// <summary>Copies the values of other parameters with the same keys and shapes.</summary>
    /// <param name="source">These parameters.</param>
    /// <param name="network">The name of their network, for messages.</param>
    /// <exception cref="ArgumentException">There are others. Nothing was copied.</exception>
    public void CopyFrom(ParameterSet source, string network)
    {
        if (source._parameters.Length != _parameters.Length)
        {
            throw new ArgumentException(
                $"The networks have {_parameters.Length} and {MessageText.Count(source._parameters.Length, "parameter")}.", nameof(source));
        }

        var others = new Parameter[_parameters.Length];
        for (int i = 0; i < others.Length; i++)
        {
            Parameter own = _parameters[i];
            others[i] = source._parameters[i].Key == own.Key ? source._parameters[i] : source.Find(own.Key)
                ?? throw new ArgumentException($"{network} has no parameter '{own.Key}'.", nameof(source));
            if (!own.Shape.SequenceEqual(others[i].Shape))
            {
                throw new ArgumentException($"'{own}' differs from '{others[i]}'.", nameof(source));
            }
        }

        for (int i = 0; i < others.Length; i++)
        {
            _parameters[i].Copy(others[i], source._memory, _memory);
        }
    }
}
