using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Strata.Compiler.Declarations;
using Strata.Compiler.Emission;
using Strata.Compiler.Foundation;
using Strata.Compiler.Graph;

namespace Strata.KernelBuild;

/// <summary>
/// The folder of a project with an assembly for each network, and the index that refers to them. A network that has not changed is not
/// compiled again.
/// </summary>
/// <param name="folder">The folder. Nothing else may be in it.</param>
/// <param name="indexAssembly">The name of the index's assembly, which begins the names of the others.</param>
/// <param name="indexClass">The full name of the index's class.</param>
internal sealed class KernelFolder(string folder, string indexAssembly, string indexClass)
{
    private const string Library = ".dll", Key = ".key", List = "kernels.txt";

    /// <summary>Writes an index of no networks, against which the app is compiled.</summary>
    public static void WriteIndex(string file, string assembly, string type) => Replace(file, KernelIndex.Write(assembly, type, []));

    /// <summary>Compiles the networks that have changed, and removes those that are gone.</summary>
    /// <exception cref="AggregateException">Networks cannot be compiled. The exceptions are <see cref="KernelException"/>s.</exception>
    public void Compile(IReadOnlyList<DeclaredNetwork> networks)
    {
        Directory.CreateDirectory(folder);
        Parallel.ForEach(networks, Compile);
        Replace(
            Path.Combine(folder, indexAssembly + Library),
            KernelIndex.Write(indexAssembly, indexClass, [.. networks.Select(network => (network.Class, AssemblyOf(network)))]));
        string[] assemblies = [indexAssembly, .. networks.Select(AssemblyOf)];
        foreach (string file in Directory.EnumerateFiles(folder))
        {
            if (Path.GetExtension(file) is Library or Key && !assemblies.Contains(Path.GetFileNameWithoutExtension(file)))
            {
                File.Delete(file);
            }
        }

        string[] files = [.. assemblies.Select(assembly => Path.Combine(Path.GetFullPath(folder), assembly + Library))];
        Replace(Path.Combine(folder, List), Encoding.UTF8.GetBytes(string.Join('\n', files)));
    }

    /// <summary>
    /// The name of a network's assembly. A class with a long name, which a file system might refuse, has the beginning of it and a hash.
    /// </summary>
    private string AssemblyOf(DeclaredNetwork network)
    {
        const int LongestClass = 100, HashLength = 12;
        string name = network.Class;
        return $"{indexAssembly}.{(name.Length <= LongestClass ? name : name[..LongestClass] + NetworkKey.Of(name)[..HashLength])}";
    }

    private void Compile(DeclaredNetwork network)
    {
        string assembly = AssemblyOf(network), library = Path.Combine(folder, assembly + Library), keyFile = library + Key;
        string key = NetworkKey.Of(network.Text);
        if (File.Exists(library) && File.Exists(keyFile) && File.ReadAllText(keyFile) == key)
        {
            return;
        }

        // A build that is stopped here compiles the network again.
        File.Delete(keyFile);
        Replace(library, ImageOf(network, assembly));
        File.WriteAllText(keyFile, key);
    }

    private static byte[] ImageOf(DeclaredNetwork network, string assembly)
    {
        try
        {
            NetworkText text = Cancellation.None(() => NetworkText.Read(network.Text));
            NetworkGraph graph = NetworkCompiler.GraphOf(text.Declaration, CancellationToken.None);
            return NetworkAssembly.Write(
                assembly, text.Declaration.Name, graph, [.. text.Tiers.Select(tier => Enum.Parse<Isa>(tier.Name))], trains: true,
                CancellationToken.None);
        }
        catch (Exception exception)
        {
            throw new KernelException(BuildProblems.OfLowering(network.Class, exception));
        }
    }

    /// <summary>Writes a file whole or not at all, and keeps one that is the same: what depends on it need not be built again.</summary>
    private static void Replace(string file, byte[] bytes)
    {
        if (!File.Exists(file) || !File.ReadAllBytes(file).AsSpan().SequenceEqual(bytes))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
            AtomicFile.Write(file, stream => stream.Write(bytes));
        }
    }
}
