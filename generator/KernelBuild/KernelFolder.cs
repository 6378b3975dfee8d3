using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Strata.Compiler.Declarations;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Emission;
using Strata.Compiler.Foundation;
using Strata.Compiler.Graph;
using Strata.CompilerServices;

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
        (string Network, string Assembly)[] assemblies = [.. networks.Select(network => (network.Class, AssemblyOf(network, networks)))];
        Parallel.For(0, networks.Count, i => Compile(networks[i], assemblies[i].Assembly));
        Replace(Path.Combine(folder, indexAssembly + Library), KernelIndex.Write(indexAssembly, indexClass, assemblies));
        string[] libraries = [indexAssembly + Library, .. assemblies.Select(one => one.Assembly + Library)];
        HashSet<string> known = [.. libraries, .. libraries.Select(library => library + Key)];
        foreach (string file in Directory.EnumerateFiles(folder))
        {
            if (Path.GetExtension(file) is Library or Key && !known.Contains(Path.GetFileName(file)))
            {
                File.Delete(file);
            }
        }

        string[] files = [.. libraries.Select(library => Path.Combine(Path.GetFullPath(folder), library))];
        Replace(Path.Combine(folder, List), Encoding.UTF8.GetBytes(string.Join('\n', files)));
    }

    /// <summary>
    /// The name of a network's assembly. It ends with a hash if a file system could refuse the class's name, or take it for another one:
    /// file systems, and .NET, may not tell large letters from small ones.
    /// </summary>
    private string AssemblyOf(DeclaredNetwork network, IReadOnlyList<DeclaredNetwork> networks)
    {
        const int LongestName = 150, BeginLength = 40;
        string name = network.Class;
        bool isAmbiguous = networks.Count(other => string.Equals(other.Class, name, StringComparison.OrdinalIgnoreCase)) > 1;
        return Encoding.UTF8.GetByteCount(name) > LongestName ? $"{indexAssembly}.{name[..BeginLength]}.{NetworkText.HashOf(name)}"
            : isAmbiguous ? $"{indexAssembly}.{name}.{NetworkText.HashOf(name)}" : $"{indexAssembly}.{name}";
    }

    private void Compile(DeclaredNetwork network, string assembly)
    {
        string library = Path.Combine(folder, assembly + Library), keyFile = library + Key;
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
                assembly, text.Declaration.Name, graph, text.Tiers, trains: true,
                CancellationToken.None, identity: SavedPrograms.IdentityOf(network.Class, NetworkText.HashOf(network.Text)));
        }
        catch (NetworkException exception)
        {
            throw new KernelException("", $"The kernels of {network.Class} cannot be compiled: {exception.Message}");
        }
        catch (Exception exception)
        {
            Problem problem = BuildProblems.OfLowering(network.Class, exception);
            throw new KernelException(problem.Id, problem.Message);
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
