using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace Strata.Weights;

/// <summary>Reads weights as PyTorch saves them: the files of <c>torch.save</c>, with the endings .pth, .pt or .bin.</summary>
/// <remarks>
/// A file holds a state_dict, or a checkpoint that has one as <c>state_dict</c>, <c>model_state_dict</c>, <c>model</c>,
/// <c>model_state</c> or <c>net</c>. If all names begin with <c>module.</c> (DataParallel) or <c>_orig_mod.</c> (torch.compile), these are
/// taken away. Nothing of a file is executed, and no Python is needed.
/// </remarks>
/// <example>
/// <code>
/// using var net = new ResNet18();
/// net.LoadPyTorch("resnet18-f37072fd.pth");
/// </code>
/// </example>
public static class PyTorchWeights
{
    /// <summary>
    /// Reads a network's parameters from a file, as <see cref="CompiledNetwork.Load(string, WeightsLoadOptions)"/> does from a safetensors
    /// file. If loading fails, the parameters are unchanged.
    /// </summary>
    /// <param name="network">The network.</param>
    /// <param name="path">The file.</param>
    /// <param name="options">
    /// How much must fit, and under which names; null for all of it. <see cref="WeightsLoadOptions.MaxHeaderLength"/> is the most bytes of
    /// the file's pickle, and of the archive's directory. <see cref="WeightsLoadOptions.Rename"/> gets the file's own names.
    /// </param>
    /// <returns>What was loaded, and what was not.</returns>
    /// <exception cref="ArgumentException">The options contradict each other.</exception>
    /// <exception cref="InvalidOperationException">Another thread uses the network.</exception>
    /// <exception cref="WeightsFormatException">
    /// The file is damaged, holds something else than weights, or does not fit the network.
    /// </exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="ObjectDisposedException">The network was disposed of.</exception>
    public static WeightsLoadReport LoadPyTorch(this CompiledNetwork network, string path, WeightsLoadOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        return Load(network, SourceFile.Open(path), path, options ?? new WeightsLoadOptions());
    }

    /// <summary>As <see cref="LoadPyTorch(CompiledNetwork, string, WeightsLoadOptions?)"/>, from a stream.</summary>
    /// <param name="network">The network.</param>
    /// <param name="stream">
    /// The stream, at the first byte of the weights, which go on to its end. It stays open. One that cannot seek is copied into a temporary
    /// file.
    /// </param>
    /// <param name="options">How much must fit, and under which names; null for all of it.</param>
    /// <returns>What was loaded, and what was not.</returns>
    /// <exception cref="ArgumentException">The options contradict each other.</exception>
    /// <exception cref="InvalidOperationException">Another thread uses the network.</exception>
    /// <exception cref="WeightsFormatException">
    /// The stream is damaged, holds something else than weights, or does not fit the network.
    /// </exception>
    /// <exception cref="IOException">The stream cannot be read.</exception>
    /// <exception cref="ObjectDisposedException">The network was disposed of.</exception>
    public static WeightsLoadReport LoadPyTorch(this CompiledNetwork network, Stream stream, WeightsLoadOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(stream);
        return Load(network, SourceFile.Of(stream), (stream as FileStream)?.Name ?? "stream", options ?? new WeightsLoadOptions());
    }

    /// <summary>
    /// Writes the weights of a PyTorch file as a safetensors file, which appears complete or not at all. The types of numbers stay.
    /// </summary>
    /// <param name="path">The PyTorch file.</param>
    /// <param name="output">The safetensors file, which is replaced if it exists.</param>
    /// <exception cref="WeightsFormatException">The file is damaged, or holds something else than weights.</exception>
    /// <exception cref="IOException">A file cannot be read or written. An existing output is unchanged.</exception>
    public static void ConvertToSafetensors(string path, string output)
    {
        ArgumentException.ThrowIfNullOrEmpty(output);
        using SourceFile file = SourceFile.Open(path);
        Named(path, () =>
        {
            AtomicFile.Write(output, target => View(file, new WeightsLoadOptions(), []).CopyTo(target));
            return true;
        });
    }

    private static WeightsLoadReport Load(CompiledNetwork network, SourceFile file, string name, WeightsLoadOptions options)
    {
        using (file)
        {
            string[] keys = [.. network.Parameters.Select(parameter => parameter.Key)];
            return Named(name, () => network.Load(View(file, options, keys), options with { SourceName = options.SourceName ?? name }));
        }
    }

    /// <summary>A file's weights in the safetensors format.</summary>
    private static SafetensorsStream View(SourceFile file, WeightsLoadOptions options, IReadOnlyList<string> keys)
    {
        TorchFile torch = TorchFile.Read(file, options.MaxHeaderLength);
        List<StoredTensor> tensors = StateDictionary.Tensors(torch, wrapper => options.Rename is not null
            || options.Prefix.StartsWith(wrapper, StringComparison.Ordinal)
            || keys.Any(key => key.StartsWith(wrapper, StringComparison.Ordinal)));
        return new SafetensorsStream(file, tensors, options.MaxHeaderLength);
    }

    private static T Named<T>(string file, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (DamagedFileException e)
        {
            throw new WeightsFormatException(file, e.Tensor, e.Message);
        }
    }
}
