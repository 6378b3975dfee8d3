using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using Strata.Onnx.Saving;

namespace Strata.Onnx;

/// <summary>A class that was made from an ONNX file, with its weights.</summary>
public sealed class ImportedNetwork
{
    internal ImportedNetwork(
        string name, string file, string source, IReadOnlyList<string> notes, IReadOnlyList<ImportedParameter> parameters) =>
        (Name, File, Source, Notes, Parameters) = (name, file, source, notes, parameters);

    /// <summary>The class's name.</summary>
    public string Name { get; }

    /// <summary>The name of the ONNX file, without its folder; empty if it was a stream.</summary>
    public string File { get; }

    /// <summary>The text of the class and its blocks.</summary>
    public string Source { get; }

    /// <summary>What the importer folded and left out, as sentences. They stand in the class's comment, too.</summary>
    public IReadOnlyList<string> Notes { get; }

    /// <summary>The parameters with their keys in the class.</summary>
    public IReadOnlyList<ImportedParameter> Parameters { get; }

    /// <summary>Writes the weights as a safetensors file, complete or not at all.</summary>
    /// <param name="path">The file, which is replaced if it exists.</param>
    public void SaveWeights(string path) => SafetensorsFile.Write(path, Tensors());

    /// <summary>Writes the weights in the safetensors format.</summary>
    /// <param name="stream">The stream, which stays open.</param>
    public void SaveWeights(Stream stream) => SafetensorsFile.Write(stream, Tensors());

    /// <summary>Writes <c>Name.cs</c> and <c>Name.safetensors</c>.</summary>
    /// <param name="folder">The folder, which is made if it does not exist.</param>
    /// <param name="force">Whether a class is replaced that was edited since it was imported. Otherwise it is left alone.</param>
    /// <exception cref="IOException">The class was edited, or is no imported one. Nothing was written.</exception>
    public void Save(string folder, bool force = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        string path = Path.Combine(folder, Name + ".cs");
        if (!force && System.IO.File.Exists(path) && !ImportedSource.IsUntouched(System.IO.File.ReadAllText(path)))
        {
            throw new IOException($"'{path}' was edited since it was imported. It stays as it is; --force replaces it.");
        }

        Directory.CreateDirectory(folder);
        SaveWeights(Path.Combine(folder, Name + ".safetensors"));
        AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(ImportedSource.Sealed(Source))));
    }

    private IReadOnlyList<SafetensorsTensor> Tensors() =>
        [.. Parameters.Select(parameter => new SafetensorsTensor(parameter.Key, parameter.Shape, () => parameter.Values()))];
}

/// <summary>A parameter of a network that was imported.</summary>
public sealed class ImportedParameter
{
    internal ImportedParameter(string key, IReadOnlyList<int> shape, Func<float[]> values) => (Key, Shape, Values) = (key, shape, values);

    /// <summary>Its key in the class: <c>layer1.0.conv1.weight</c>.</summary>
    public string Key { get; }

    /// <summary>Its extents, in PyTorch's order.</summary>
    public IReadOnlyList<int> Shape { get; }

    /// <summary>Its values in row-major order, computed from the file. The array is the caller's.</summary>
    public float[] ToArray() => [.. Values()];

    /// <summary>The values, which may be shared.</summary>
    internal Func<float[]> Values { get; }
}
