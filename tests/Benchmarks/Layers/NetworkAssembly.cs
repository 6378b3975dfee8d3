using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Reflection;
using Microsoft.CodeAnalysis.CSharp;
using Strata.Benchmarks.Networks;
using Strata.Benchmarks.Workers;

namespace Strata.Benchmarks.Layers;

/// <summary>
/// Networks in assemblies of their own: whoever measures them has the compiler in memory, and the workers' processes load what it has
/// written into a case's folder.
/// </summary>
internal static class NetworkAssembly
{
    private const string FileName = "network.dll";

    /// <summary>A network that is compiled when it is used for the first time.</summary>
    /// <param name="name">As on the command line.</param>
    /// <param name="sources">Its class, and no other.</param>
    /// <param name="load">Loads the weights of an instance here; null for drawn ones.</param>
    public static BenchmarkNetwork Of(string name, Func<CSharpCompilation> sources, Action<CompiledNetwork>? load = null)
    {
        var image = new Lazy<byte[]>(() => Compile(sources()));
        var type = new Lazy<Type>(() => NetworkIn(Assembly.Load(image.Value)));
        return Of(name, type, load) with { Write = folder => File.WriteAllBytes(Path.Combine(folder, FileName), image.Value) };
    }

    /// <summary>Writes a network into a case's folder, in place of what is there.</summary>
    /// <exception cref="WorkerException">It does not compile.</exception>
    public static void Write(CSharpCompilation sources, string folder) =>
        File.WriteAllBytes(Path.Combine(folder, FileName), Compile(sources));

    /// <summary>The network of a case's folder, or that of this program where the folder has none.</summary>
    public static BenchmarkNetwork In(string folder, string name)
    {
        string path = Path.Combine(folder, FileName);
        return File.Exists(path) ? Of(name, new Lazy<Type>(() => NetworkIn(Assembly.LoadFrom(path)))) : BenchmarkNetwork.Find(name);
    }

    private static byte[] Compile(CSharpCompilation sources)
    {
        using var image = new MemoryStream();
        ZooSources.Emit(ZooSources.Generated(sources), image);
        return image.ToArray();
    }

    private static Type NetworkIn(Assembly assembly) => assembly.GetTypes().Single(type => type.IsSubclassOf(typeof(CompiledNetwork)));

    private static BenchmarkNetwork Of(string name, Lazy<Type> type, Action<CompiledNetwork>? load = null)
    {
        return new BenchmarkNetwork(name, Describe, Create);

        CompiledNetwork Create(NetworkOptions options)
        {
            var network = (CompiledNetwork)Activator.CreateInstance(
                type.Value, BindingFlags.Default, null, [options], CultureInfo.InvariantCulture)!;
            load?.Invoke(network);
            return network;
        }

        NetworkInfo Describe()
        {
            using CompiledNetwork network = Create(new NetworkOptions { Threads = 1 });
            return network.Info;
        }
    }
}
