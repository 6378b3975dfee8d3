using System;
using System.IO;
using System.Linq;
using Strata.Data;

namespace Strata.Imaging;

/// <summary>
/// MNIST (LeCun, Cortes and Burges 1998) and the sets with the same files: Fashion-MNIST, KMNIST, EMNIST's digits.
/// </summary>
public static class MnistData
{
    /// <summary>Reads the four files <c>train-images-idx3-ubyte</c>, <c>train-labels-idx1-ubyte</c>, <c>t10k-…</c>, plain or with
    /// <c>.gz</c>.</summary>
    /// <param name="directory">Where they are.</param>
    /// <returns>60,000 training and 10,000 test images of 1×28×28, with values from 0 to 1.</returns>
    /// <exception cref="FileNotFoundException">A file is not there.</exception>
    /// <exception cref="InvalidDataException">A file is damaged, or the counts of images and labels differ.</exception>
    public static (LabeledData Training, LabeledData Test) Read(string directory)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        return (Read(directory, "train"), Read(directory, "t10k"));
    }

    private static LabeledData Read(string directory, string name)
    {
        string imageFile = Find(directory, $"{name}-images-idx3-ubyte"), labelFile = Find(directory, $"{name}-labels-idx1-ubyte");
        IdxFile images = IdxFile.ReadImages(imageFile);
        int[] labels = IdxFile.ReadLabels(labelFile);
        if (images.Count != labels.Length)
        {
            throw new InvalidDataException($"{imageFile} has {images.Count} images, but {labelFile} has {labels.Length} labels.");
        }

        float[] inputs = Array.ConvertAll(images.Data, pixel => pixel / 255f);
        return new LabeledData(inputs, labels, [1, images.Dimensions[1], images.Dimensions[2]]);
    }

    /// <summary>Some archives write a dot instead of the last hyphen.</summary>
    private static string Find(string directory, string name)
    {
        string[] names = [name, $"{name}.gz", name.Replace("-idx", ".idx", StringComparison.Ordinal)];
        return names.Select(n => Path.Combine(directory, n)).FirstOrDefault(File.Exists)
            ?? throw new FileNotFoundException($"{directory} has neither {name} nor {name}.gz.", Path.Combine(directory, name));
    }
}
