using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;

namespace Strata.Onnx;

/// <summary>A class that was made from an ONNX file, with its weights.</summary>
public sealed class ImportedNetwork
{
    internal ImportedNetwork(
        string name, string file, string source, IReadOnlyList<string> notes, IReadOnlyList<string> warnings,
        IReadOnlyList<ImportedParameter> parameters) =>
        (Name, File, Source, Notes, Warnings, Parameters) = (name, file, source, notes, warnings, parameters);

    /// <summary>The class's name.</summary>
    public string Name { get; }

    /// <summary>The name of the ONNX file, without its folder; empty if it was a stream.</summary>
    public string File { get; }

    /// <summary>The text of the class and its blocks.</summary>
    public string Source { get; }

    /// <summary>What the importer folded and left out, as sentences. They stand in the class's comment, too.</summary>
    public IReadOnlyList<string> Notes { get; }

    /// <summary>
    /// What the class cannot say of the file's network though training, or loading weights by their keys, depends on it, as sentences:
    /// weights that are shared, constants, factors that were folded, other keys. They stand in the class's comment, too.
    /// </summary>
    public IReadOnlyList<string> Warnings { get; }

    /// <summary>The files beside the ONNX file that hold its weights.</summary>
    public IReadOnlyList<string> DataFiles { get; internal init; } = [];

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
    /// <param name="force">
    /// Whether files are replaced that are not as an import of the same ONNX file left them. Otherwise they are left alone.
    /// </param>
    /// <exception cref="IOException">
    /// The class was edited, the weights were changed, or they are not those of an import of this file. Nothing was written.
    /// </exception>
    public void Save(string folder, bool force = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        string source = Path.Combine(folder, Name + ".cs"), weights = Path.Combine(folder, Name + ".safetensors");
        if (!force)
        {
            CheckUntouched(source, weights);
        }

        Directory.CreateDirectory(folder);
        SaveWeights(weights);
        AtomicFile.Write(source, stream => stream.Write(Encoding.UTF8.GetBytes(ImportedSource.Sealed(Source, weights, File))));
    }

    /// <summary>Refuses to replace what is not as an import of the same file left it.</summary>
    private void CheckUntouched(string source, string weights)
    {
        const string Stays = "It stays as it is; --force replaces it";
        ImportedSource? old = System.IO.File.Exists(source) ? ImportedSource.Read(source) : null;
        if (old is null && System.IO.File.Exists(source))
        {
            throw new IOException($"'{source}' was edited since it was imported. {Stays}.");
        }

        if (old?.IsOf(File) == false)
        {
            throw new IOException($"'{source}' was imported from '{old.File}', not from '{File}'. {Stays}, and --name gives another name.");
        }

        if (System.IO.File.Exists(weights) && old?.Weights != ImportedSource.ChecksumOf(weights))
        {
            throw new IOException(old is null
                ? $"'{weights}' exists, without an imported class beside it. {Stays}."
                : $"'{weights}' was changed since it was imported. {Stays}.");
        }
    }

    private IReadOnlyList<SafetensorsTensor> Tensors() =>
        [.. Parameters.Select(parameter => new SafetensorsTensor(parameter.Key, parameter.Shape, () => parameter.Values()))];
}

/// <summary>A parameter of a network that was imported.</summary>
public sealed class ImportedParameter
{
    internal ImportedParameter(string key, string fileKey, IReadOnlyList<int> shape, Func<float[]> values) =>
        (Key, FileKey, Shape, Values) = (key, fileKey, shape, values);

    /// <summary>Its key in the class: <c>layer1.0.conv1.weight</c>.</summary>
    public string Key { get; }

    /// <summary>
    /// Its name in the ONNX file, such as <c>block1-0.conv.weight</c>; empty if it was computed, or has none.
    /// <see cref="WeightsLoadOptions.Rename"/> reads weights that have the file's names.
    /// </summary>
    public string FileKey { get; }

    /// <summary>Its extents, in PyTorch's order.</summary>
    public IReadOnlyList<int> Shape { get; }

    /// <summary>Its values in row-major order, computed from the file. The array is the caller's.</summary>
    public float[] ToArray() => [.. Values()];

    /// <summary>The values, which may be shared.</summary>
    internal Func<float[]> Values { get; }
}
