using System;
using System.Linq;

namespace Strata.Weights;

/// <summary>A file that Keras has written: HDF5, or an archive with it.</summary>
internal sealed class KerasFile : IDisposable
{
    private const string Weights = "model.weights.h5", Config = "config.json";

    private const string Writer = "Keras stores it as it is: load the file in Keras and save it again.";

    private readonly Hdf5File _file;

    private KerasFile(Hdf5File file, KerasModel model) => (_file, Model) = (file, model);

    /// <summary>What it holds.</summary>
    public KerasModel Model { get; }

    /// <summary>Opens a file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="most">The most bytes of names and shapes, of an archive's directory, and of a configuration.</param>
    public static KerasFile Open(SourceFile file, int most)
    {
        byte[] beginning = new byte[(int)long.Min(file.Length, FileFormat.BeginningLength)];
        file.Read(0, beginning);
        FileFormat? format = FileFormat.Detect(beginning);
        if (format == FileFormat.Hdf5)
        {
            return Open(file, most, config: null);
        }

        if (format != FileFormat.Keras && format != FileFormat.Zip)
        {
            throw new DamagedFileException(ForeignFile.Refusal(file, beginning, format));
        }

        ZipDirectory archive = ZipDirectory.Read(file, most);
        if (archive.RegionOf(Weights, Writer) is not { } weights)
        {
            throw new DamagedFileException($"not a Keras file, but a ZIP archive without {Weights}; it has "
                + $"{MessageText.List([.. archive.Names], "no files")}.");
        }

        ConfigLayer? config = null;
        if (archive.RegionOf(Config, Writer) is { } region)
        {
            byte[] json = region.Length <= most ? new byte[region.Length] : throw new DamagedFileException(
                $"{Config} has {MessageText.Count(region.Length, "byte")}; {nameof(WeightsLoadOptions)}."
                + $"{nameof(WeightsLoadOptions.MaxHeaderLength)} allows {most}.");
            file.Read(region.Begin, json);
            config = ConfigLayer.Parse(json);
        }

        return Open(file.Part(weights), most, config);
    }

    /// <summary>The bytes of an array.</summary>
    public byte[] Read(Hdf5Array array) => _file.Read(array);

    public void Dispose() => _file.Dispose();

    private static KerasFile Open(SourceFile file, int most, ConfigLayer? config)
    {
        Hdf5File hdf = Hdf5File.Open(file, most);
        try
        {
            KerasModel model = (config is null ? LegacyLayout.Read(hdf) : null) ?? VariablesLayout.Read(hdf, config)
                ?? throw new DamagedFileException("not a Keras file, but an HDF5 file of something else; it has "
                    + $"{MessageText.List([.. hdf.Root.Groups.Select(group => group.Name), .. hdf.Root.Arrays], "nothing")}.");
            IGrouping<string, KerasLayer>? twice = model.Layers.GroupBy(layer => layer.Name).FirstOrDefault(group => group.Skip(1).Any());
            return twice is null ? new KerasFile(hdf, model) : throw new DamagedFileException(
                $"two of its layers are called '{MessageText.Show(twice.Key)}'.");
        }
        catch
        {
            hdf.Dispose();
            throw;
        }
    }
}
