using System;
using System.Collections.Generic;
using System.IO;

namespace Strata.Weights;

/// <summary>Reads weights as Keras saves them: files with the endings .h5, .weights.h5 and .keras.</summary>
/// <remarks>
/// <para>
/// Axes, gates and names become PyTorch's, which are Strata's: a kernel (height, width, in, out) becomes (out, in, height, width). Keras
/// flattens an image as rows, columns and channels; the weights of a dense layer behind <c>[Flatten]</c> are put in the order of channels,
/// rows and columns.
/// </para>
/// <para>
/// A network's layers are found by their names if the file has them all. Otherwise layers with the same shapes are taken in order. Where
/// that is not sure, as in branches, loading fails and names the layers.
/// </para>
/// </remarks>
/// <example>
/// <code>
/// using var net = new Vgg16();
/// net.LoadKeras("vgg16_weights_tf_dim_ordering_tf_kernels.h5");
/// </code>
/// </example>
public static class KerasWeights
{
    /// <summary>
    /// Reads a network's parameters from a file, as <see cref="CompiledNetwork.Load(string, WeightsLoadOptions)"/> does from a safetensors
    /// file. If loading fails, the parameters are unchanged.
    /// </summary>
    /// <param name="network">The network.</param>
    /// <param name="path">The file.</param>
    /// <param name="options">
    /// How much must fit, and under which names; null for all of it. <see cref="WeightsLoadOptions.MaxHeaderLength"/> is the most bytes of
    /// names and shapes, of an archive's directory, and of the model's configuration. <see cref="WeightsLoadOptions.Rename"/> gets the
    /// file's names with PyTorch's endings, <c>block1_conv1.weight</c>, and must give all weights of a layer keys of one layer.
    /// </param>
    /// <returns>What was loaded, and what was not.</returns>
    /// <exception cref="ArgumentException">The options contradict each other.</exception>
    /// <exception cref="InvalidOperationException">Another thread uses the network.</exception>
    /// <exception cref="WeightsFormatException">
    /// The file is damaged, holds something else than Keras' weights, or does not fit the network.
    /// </exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="ObjectDisposedException">The network was disposed of.</exception>
    public static WeightsLoadReport LoadKeras(this CompiledNetwork network, string path, WeightsLoadOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        return Load(network, Open(path), path, options ?? new WeightsLoadOptions());
    }

    /// <summary>As <see cref="LoadKeras(CompiledNetwork, string, WeightsLoadOptions?)"/>, from a stream.</summary>
    /// <param name="network">The network.</param>
    /// <param name="stream">
    /// The stream, at the first byte of the file, which goes on to its end. It stays open. One that cannot seek is copied into a temporary
    /// file.
    /// </param>
    /// <param name="options">How much must fit, and under which names; null for all of it.</param>
    /// <returns>What was loaded, and what was not.</returns>
    /// <exception cref="ArgumentException">The options contradict each other.</exception>
    /// <exception cref="InvalidOperationException">Another thread uses the network.</exception>
    /// <exception cref="WeightsFormatException">
    /// The stream is damaged, holds something else than Keras' weights, or does not fit the network.
    /// </exception>
    /// <exception cref="IOException">The stream cannot be read.</exception>
    /// <exception cref="ObjectDisposedException">The network was disposed of.</exception>
    public static WeightsLoadReport LoadKeras(this CompiledNetwork network, Stream stream, WeightsLoadOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(stream);
        return Load(network, SourceFile.Of(stream), (stream as FileStream)?.Name ?? "stream", options ?? new WeightsLoadOptions());
    }

    /// <summary>
    /// Writes the weights of a Keras file as a safetensors file with PyTorch's names and shapes, which appears complete or not at all. The
    /// types of numbers stay.
    /// </summary>
    /// <param name="path">The Keras file.</param>
    /// <param name="output">The safetensors file, which is replaced if it exists.</param>
    /// <exception cref="WeightsFormatException">
    /// The file is damaged, holds something else than weights, or a layer whose weights can only be put in order for a network: one that
    /// is not known, or a dense layer that may stand behind <c>Flatten</c>.
    /// </exception>
    /// <exception cref="IOException">A file cannot be read or written. An existing output is unchanged.</exception>
    public static void ConvertToSafetensors(string path, string output)
    {
        ArgumentException.ThrowIfNullOrEmpty(output);
        using SourceFile file = Open(path);
        Named(path, () =>
        {
            var options = new WeightsLoadOptions();
            using KerasFile keras = KerasFile.Open(file, options.MaxHeaderLength);
            List<NamedTensor> tensors = PlainTensors.Of(keras.Model, keras.Read);
            AtomicFile.Write(output, target => new SafetensorsStream(file, tensors, options.MaxHeaderLength).CopyTo(target));
            return true;
        });
    }

    private static SourceFile Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Named(path, () =>
        {
            ForeignFile.CheckPath(path);
            return SourceFile.Open(path);
        });
    }

    private static WeightsLoadReport Load(CompiledNetwork network, SourceFile file, string name, WeightsLoadOptions options)
    {
        using (file)
        {
            return Named(options.SourceName ?? name, () =>
            {
                using KerasFile keras = KerasFile.Open(file, options.MaxHeaderLength);
                List<NamedTensor> tensors = NetworkTensors.Of(keras.Model, network.Info, options, keras.Read);
                return network.Load(new SafetensorsStream(file, tensors, options.MaxHeaderLength), options with
                {
                    SourceName = options.SourceName ?? name,
                    Prefix = "",
                    Rename = null,
                });
            });
        }
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
