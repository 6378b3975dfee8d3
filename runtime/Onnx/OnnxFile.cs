using System;
using System.IO;
using Strata.Onnx.Saving;

namespace Strata.Onnx;

public static partial class OnnxFile
{
    /// <summary>
    /// Writes a network's inference as an ONNX file. Names are kept: initializers have the keys of PyTorch's state_dict, nodes have the
    /// names of layers, and inputs and outputs have theirs (<c>input</c> and <c>output</c> if they have none). Dropout and auxiliary heads
    /// are left out. The file appears complete or not at all.
    /// </summary>
    /// <param name="network">The network.</param>
    /// <param name="path">The file, which is replaced if it exists.</param>
    /// <param name="options">The version of ONNX's operators, and the batch; null for the defaults.</param>
    /// <exception cref="NotSupportedException">
    /// A layer has no form in ONNX, or none that is the same at all sizes (<see cref="OnnxSaveOptions.DynamicSizes"/>). The message names
    /// it.
    /// </exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="ObjectDisposedException">The network was disposed of.</exception>
    public static void Save(CompiledNetwork network, string path, OnnxSaveOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentException.ThrowIfNullOrEmpty(path);
        new ModelFile(network, options ?? new OnnxSaveOptions()).Save(path);
    }

    /// <summary>Writes a network's inference to a stream, as <see cref="Save(CompiledNetwork, string, OnnxSaveOptions?)"/> does.</summary>
    /// <param name="network">The network.</param>
    /// <param name="stream">The stream. It stays open.</param>
    /// <param name="options">The version of ONNX's operators, and the batch; null for the defaults.</param>
    /// <exception cref="NotSupportedException">
    /// A layer has no form in ONNX, or none that is the same at all sizes: the message names it. Or the network has more than 2 GB.
    /// </exception>
    /// <exception cref="IOException">The stream cannot be written.</exception>
    /// <exception cref="ObjectDisposedException">The network was disposed of.</exception>
    public static void Save(CompiledNetwork network, Stream stream, OnnxSaveOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(stream);
        new ModelFile(network, options ?? new OnnxSaveOptions()).Save(stream);
    }
}
