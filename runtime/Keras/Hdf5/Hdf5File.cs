using System;
using System.IO;
using System.Reflection;
using PureHDF;
using PureHDF.VOL.Native;

namespace Strata.Weights;

/// <summary>An HDF5 file: its groups, arrays and attributes, as PureHDF reads them.</summary>
internal sealed class Hdf5File : IDisposable
{
    private readonly Hdf5Survey _survey;
    private readonly NativeFile _file;

    private Hdf5File(Hdf5Survey survey, NativeFile file) => (_survey, _file) = (survey, file);

    /// <summary>The outermost group.</summary>
    public Hdf5Group Root => new(this, _file, "");

    /// <summary>Opens a file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="most">The most bytes of all descriptions.</param>
    public static Hdf5File Open(SourceFile file, int most)
    {
        Hdf5Survey survey = Hdf5Survey.Of(file, most);
        return new Hdf5File(survey, Guarded(() => H5File.Open(new GuardedStream(file))));
    }

    /// <summary>An array by its path.</summary>
    public Hdf5Array ArrayOf(string path) => _survey.Arrays.TryGetValue(path, out Hdf5Array? array) ? array
        : throw new DamagedFileException("the HDF5 file is damaged: it is no array.", path);

    /// <summary>The bytes of an array.</summary>
    public byte[] Read(Hdf5Array array)
    {
        if (array.Length > Array.MaxLength)
        {
            throw new DamagedFileException(
                $"it has {MessageText.Count(array.Length, "byte")}; at most {Array.MaxLength} are read.", array.Path);
        }

        byte[] bytes = array.Length == 0 ? [] : Guarded(() => ((IH5Dataset)_file.Get(array.Path)).Read<byte[]>());
        return bytes.Length == array.Length ? bytes
            : throw new DamagedFileException($"it has {bytes.Length} bytes instead of {array.Length}.", array.Path);
    }

    /// <summary>Turns what PureHDF throws into what is wrong with the file.</summary>
    public static T Guarded<T>(Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception e) when (e is not (DamagedFileException or IOException or OutOfMemoryException))
        {
            Exception cause = e;
            while (cause is TargetInvocationException { InnerException: { } inner })
            {
                cause = inner;
            }

            throw cause as DamagedFileException ?? new DamagedFileException($"the HDF5 file is damaged: {MessageText.Show(cause.Message)}");
        }
    }

    public void Dispose() => _file.Dispose();
}
