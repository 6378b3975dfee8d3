using System;
using System.Collections.Generic;
using System.Linq;
using PureHDF;

namespace Strata.Weights;

/// <summary>A group of an HDF5 file.</summary>
internal sealed class Hdf5Group
{
    private readonly Hdf5File _file;
    private readonly IH5Group _group;
    private List<(string Name, IH5Object Object)>? _children;

    /// <param name="file">The file.</param>
    /// <param name="group">The group.</param>
    /// <param name="path">Its name with the groups around it; empty for the outermost one.</param>
    public Hdf5Group(Hdf5File file, IH5Group group, string path) => (_file, _group, Path) = (file, group, path);

    /// <summary>Its name with the groups around it; empty for the outermost one.</summary>
    public string Path { get; }

    /// <summary>Its name.</summary>
    public string Name => Path[(Path.LastIndexOf('/') + 1)..];

    /// <summary>The groups in it.</summary>
    public IEnumerable<Hdf5Group> Groups => from child in Children
                                            where child.Object is IH5Group
                                            select new Hdf5Group(_file, (IH5Group)child.Object, $"{Path}/{child.Name}");

    /// <summary>The names of the arrays in it.</summary>
    public IEnumerable<string> Arrays => from child in Children
                                         where child.Object is IH5Dataset
                                         select child.Name;

    private List<(string Name, IH5Object Object)> Children =>
        _children ??= Hdf5File.Guarded(() => _group.Children().Select(child => (child.Name, child)).ToList());

    /// <summary>A group in it; null if there is none of this name.</summary>
    public Hdf5Group? Find(string name) => Groups.FirstOrDefault(group => group.Name == name);

    /// <summary>An array in it, or in groups of it.</summary>
    /// <param name="name">Its name, with groups and slashes.</param>
    public Hdf5Array ArrayOf(string name) => _file.ArrayOf($"{Path}/{name}");

    /// <summary>The texts of an attribute; null if there is none of this name.</summary>
    /// <param name="name">The attribute's name.</param>
    public string[]? Texts(string name) => Hdf5File.Guarded(() => TextsOf(_group, name));

    /// <summary>An array's text in an attribute; null if there is none.</summary>
    /// <param name="array">The array's name.</param>
    /// <param name="name">The attribute's name.</param>
    public string? TextOf(string array, string name) => Hdf5File.Guarded(
        () => TextsOf(Children.First(child => child.Name == array).Object, name)?.FirstOrDefault());

    private static string[]? TextsOf(IH5Object holder, string name)
    {
        // The attributes are a header's messages; asking for one by its name throws where it is missing.
        IH5Attribute? attribute = holder.Attributes().FirstOrDefault(one => one.Name == name);
        if (attribute is null)
        {
            return null;
        }

        // An empty list of NumPy's is one of numbers.
        string[] texts = attribute.Space.Dimensions.Contains(0UL) ? []
            : attribute.Type.Class is H5DataTypeClass.String or H5DataTypeClass.VariableLength ? attribute.Read<string[]>()
            : throw new DamagedFileException($"its attribute '{MessageText.Show(name)}' is no text.");
        return Array.TrueForAll(texts, text => text is not null) ? texts
            : throw new DamagedFileException($"the HDF5 file is damaged: a text of the attribute '{MessageText.Show(name)}' is nowhere.");
    }
}
