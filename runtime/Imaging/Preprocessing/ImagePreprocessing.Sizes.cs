using System;
using System.Linq;
using Strata.Pictures;

namespace Strata.Imaging;

/// <content>Inputs of networks that have several sizes.</content>
public sealed partial record ImagePreprocessing
{
    /// <summary>
    /// The preprocessing for a picture and a network of several sizes: the picture is made to fit into <see cref="Width"/> ×
    /// <see cref="Height"/> with its proportions, and the input has the smallest size of the network that holds it
    /// (<see cref="CompiledNetwork.SmallestSizeFor"/>). So little is computed for the rest, as with YOLO's <c>rect</c>.
    /// </summary>
    /// <remarks>
    /// With <see cref="ImageFit.Letterbox"/>, the picture then fills this size as far as its proportions allow. With
    /// <see cref="ImageFit.Pad"/>, small pictures keep their pixels. With <see cref="ImageFit.Stretch"/>, there is no rest, and the
    /// proportions change a little, as before PP-OCR's detector.
    /// </remarks>
    /// <param name="network">The network. Its only input is a picture.</param>
    /// <param name="width">The picture's width.</param>
    /// <param name="height">The picture's height.</param>
    /// <returns>The same preprocessing with this size, for the network at this size (<see cref="CompiledNetwork.At"/>).</returns>
    /// <exception cref="ArgumentException">
    /// The picture fits into no size of the network, or the network's inputs are no single picture of <see cref="Channels"/> channels.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">An extent is less than 1.</exception>
    /// <exception cref="InvalidOperationException"><see cref="Fit"/> is <see cref="ImageFit.Crop"/>, which has one size.</exception>
    public ImagePreprocessing For(CompiledNetwork network, int width, int height)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        if (Fit == ImageFit.Crop)
        {
            throw new InvalidOperationException(
                $"{nameof(ImageFit)}.{nameof(ImageFit.Crop)} cuts all pictures to one size. Set {nameof(Fit)} to "
                + $"{nameof(ImageFit.Letterbox)}, {nameof(ImageFit.Pad)} or {nameof(ImageFit.Stretch)}.");
        }

        NetworkInfo info = network.Info;
        if (info.Inputs.Count != 1 || info.InputShape.Count != 3 || info.InputShape[0] != Channels)
        {
            string inputs = string.Join(", ", info.Inputs.Select(input => string.Join('×', input.Shape)));
            throw new ArgumentException(
                $"The preprocessing makes one picture with {Channels} channel{(Channels == 1 ? "" : "s")}; {info.Name} takes {inputs}.",
                nameof(network));
        }

        (int fittedWidth, int fittedHeight) = Inside(width, height);
        int[] size = network.SmallestSizeFor(fittedHeight, fittedWidth);
        Check(size[1], size[0]);
        return this with { Width = size[1], Height = size[0] };
    }

    /// <summary>Fits a picture into the best size of a network (<see cref="For"/>), and makes its input.</summary>
    /// <remarks>
    /// <code>
    /// var toInput = new ImagePreprocessing(640, 640) { Fit = ImageFit.Letterbox, Fill = new Rgb(114, 114, 114) };
    /// (CompiledNetwork sized, float[] input, ImagePlacement placement) = toInput.Apply(photo, net);
    /// float[] output = new float[sized.OutputLength];
    /// sized.Forward(input, output);
    /// </code>
    /// </remarks>
    /// <param name="picture">The picture.</param>
    /// <param name="network">The network. Its only input is a picture.</param>
    /// <returns>The network at this size, its input, and where the picture lies in it.</returns>
    /// <inheritdoc cref="For" path="/exception"/>
    public SizedInput Apply(Picture picture, CompiledNetwork network) => Apply(new PixelBuffer(picture), network);

    /// <summary>Fits pixels in memory into the best size of a network (<see cref="For"/>), and makes its input.</summary>
    /// <param name="pixels">The pixels.</param>
    /// <param name="network">The network. Its only input is a picture.</param>
    /// <returns>The network at this size, its input, and where the picture lies in it.</returns>
    /// <inheritdoc cref="For" path="/exception"/>
    public SizedInput Apply(PixelBuffer pixels, CompiledNetwork network)
    {
        pixels.CheckNotEmpty();
        ImagePreprocessing fitted = For(network, pixels.Width, pixels.Height);
        float[] input = GC.AllocateUninitializedArray<float>(fitted.Length);
        ImagePlacement placement = fitted.Apply(pixels, input);
        return new SizedInput(network.At(fitted.Height, fitted.Width), input, placement);
    }
}
