using System.Globalization;
using System.IO;
using Samples;
using Strata;
using Strata.Pictures;

namespace Digits;

/// <summary>What the commands that use a trained network share.</summary>
internal static class Trained
{
    /// <summary>The network with its saved weights.</summary>
    /// <param name="weights">The file.</param>
    /// <param name="observe">The layers that shall be looked at.</param>
    public static LeNet5 Open(string weights, params string[] observe) => File.Exists(weights)
        ? new LeNet5(new NetworkOptions { Weights = weights, Observe = observe })
        : throw new FileNotFoundException($"no weights at {weights} yet; make them with: dotnet run -c Release --project samples/Digits");

    /// <summary>The digit that the command line names: a PNG file, or an index into the test set.</summary>
    public static (byte[] Pixels, string Caption) FindDigit(string source, string? directory)
    {
        if (!File.Exists(source) && int.TryParse(source, NumberStyles.None, CultureInfo.InvariantCulture, out int index))
        {
            DigitSet test = DigitSet.Test(directory);
            return index < test.Count
                ? (test[index].ToArray(), $"test image {index}, labelled {test.Labels[index]}")
                : throw new UsageException($"the test set has images 0 to {test.Count - 1}");
        }

        var picture = Picture.Load(source);
        try
        {
            return (Digit.FromPicture(picture), source);
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"{source}: {e.Message}", e);
        }
    }
}
