using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Security.Cryptography;
using Strata.Onnx.Layers;
using Strata.Onnx.Reading;

namespace Strata.Onnx.Loading;

/// <summary>
/// A file that is loaded as a network. For another size of its inputs it is read again, since a file may compute from the size what layers
/// say as numbers, such as the size to which a picture is resized.
/// </summary>
/// <param name="path">The file, from wherever this process is later.</param>
/// <param name="shown">The file as the caller has named it, for messages.</param>
/// <param name="name">The network's name.</param>
/// <param name="options">How the file is read.</param>
internal sealed class LoadedFile(string path, string shown, string name, OnnxImportOptions options)
{
    /// <summary>The file at the size that was loaded. It is read for the first other size.</summary>
    private readonly Lazy<OwnSize> _own = new(() =>
    {
        LoadedNetwork own = Read(path, shown, name, options);
        return new OwnSize(own.Inputs, new ParameterDigests(own.Parameters));
    });

    /// <summary>The file for the compiler.</summary>
    public NetworkSource Source => new(name, Identity, () => Read(path, shown, name, options).Content, At);

    /// <summary>The layers of a file.</summary>
    public static LoadedNetwork Read(string path, string shown, string name, OnnxImportOptions options) =>
        LoadedLayers.Read(GraphReader.Read(path, options, shown), name, options);

    /// <summary>All that the network depends on.</summary>
    public IReadOnlyList<string> Identity()
    {
        var parts = new List<string>
        {
            typeof(LoadedFile).Module.ModuleVersionId.ToString(), Convert.ToHexStringLower(Digest()), name,
            options.Loss ?? "", options.Until.Count.ToString(CultureInfo.InvariantCulture),
        };
        parts.AddRange(options.Until);
        foreach ((string input, IReadOnlyList<int> shape) in options.Inputs)
        {
            parts.Add(input);
            parts.Add(string.Join(',', shape));
        }

        foreach ((string input, double value) in options.Constants)
        {
            parts.Add(input);
            parts.Add("=" + value.ToString("R", CultureInfo.InvariantCulture));
        }

        return parts;
    }

    private byte[] Digest()
    {
        try
        {
            using FileStream stream = ModelFile.Open(path);
            return SHA256.HashData(stream);
        }
        catch (ReadingException exception)
        {
            throw new OnnxFormatException($"{shown}: {exception.Message}", exception);
        }
    }

    /// <summary>The network at a size.</summary>
    /// <param name="extents">The extents of all inputs without channels.</param>
    /// <exception cref="NotSupportedException">Parameters that the file computes depend on the size.</exception>
    private NetworkBuilder At(int[] extents)
    {
        LoadedNetwork sized = Read(path, shown, name, options with { Inputs = InputShapes.At(_own.Value.Inputs, extents, options.Inputs) });
        if (_own.Value.Digests.FirstDifference(new ParameterDigests(sized.Parameters)) is { } different)
        {
            throw new NotSupportedException(
                $"{name} cannot be had at {string.Join('×', extents)}: the file computes the parameter '{different}' from the size of its "
                + "input. Load it once for each size.");
        }

        return sized.Builder;
    }

    /// <summary>The size that was loaded.</summary>
    /// <param name="Inputs">The network's inputs, in its order.</param>
    /// <param name="Digests">Its parameters.</param>
    private sealed record OwnSize(IReadOnlyList<InputTensor> Inputs, ParameterDigests Digests);
}
