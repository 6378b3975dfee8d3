using System;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Runtime.Loader;
using Strata.Onnx;

namespace Strata.Tool;

/// <summary>
/// An app's assembly with the libraries that it was built with: its networks are made of the app's own Strata, not of the tool's. Only what
/// the app does not have, Strata.Onnx and what that needs, is the tool's.
/// </summary>
internal sealed class AppAssembly : IDisposable
{
    private const string Core = "Strata", Onnx = "Strata.Onnx", NetworkName = "Strata.CompiledNetwork";

    /// <summary>What the tool has for apps that do not save ONNX files themselves.</summary>
    private static readonly string[] Lent = [Onnx, "Google.Protobuf", "Strata.Emission", "Strata.Compiler"];

    private readonly string _path;
    private readonly AppContextOf _context;
    private readonly Assembly _app, _core, _onnx;

    /// <exception cref="ToolException">The app has no Strata, or another version than the tool's.</exception>
    public AppAssembly(string path)
    {
        _path = path;
        string full = Path.GetFullPath(path);
        if (!File.Exists(full))
        {
            throw new ToolException($"There is no file '{path}'. Build the app first, and name its .dll.");
        }

        _context = new AppContextOf(full);
        try
        {
            _app = _context.LoadFromAssemblyPath(full);
            _core = _context.LoadFromAssemblyName(new AssemblyName(Core));
            _onnx = _context.LoadFromAssemblyName(new AssemblyName(Onnx));
        }
        catch (BadImageFormatException)
        {
            throw new ToolException($"'{path}' is no .NET assembly. Name the app's .dll, not its executable.");
        }
        catch (FileNotFoundException exception)
        {
            throw new ToolException(
                $"'{path}' does not come with '{new AssemblyName(exception.FileName ?? Core).Name}'. Name the .dll in the folder to which "
                + "the app was built or published, such as bin/Release/net10.0.");
        }

        CheckVersions();
    }

    public void Dispose() => _context.Unload();

    /// <summary>Makes an instance of a network with its weights, and saves it.</summary>
    /// <exception cref="ToolException">There is no such network, or its weights do not fit.</exception>
    public void Export(string name, string weights, string path, int opset, int? batch)
    {
        Type network = Find(name);
        object chosen = OptionsWith(weights);
        Type saving = _onnx.GetType(typeof(OnnxSaveOptions).FullName!, throwOnError: true)!;
        object saved = Activator.CreateInstance(saving)!;
        try
        {
            saving.GetProperty(nameof(OnnxSaveOptions.OpsetVersion))!.SetValue(saved, opset);
            saving.GetProperty(nameof(OnnxSaveOptions.BatchSize))!.SetValue(saved, batch);
            using var instance = (IDisposable)Activator.CreateInstance(network, chosen)!;
            MethodInfo save = _onnx.GetType(typeof(OnnxFile).FullName!, throwOnError: true)!.GetMethods()
                .Single(method => method.Name == nameof(OnnxFile.Save) && method.GetParameters()[1].ParameterType == typeof(string));
            save.Invoke(null, [instance, path, saved]);
        }
        catch (TargetInvocationException exception) when (exception.InnerException is { } cause)
        {
            throw new ToolException(cause.Message);
        }
    }

    /// <summary>The table of a network's layers, as the app's own Strata writes it.</summary>
    /// <param name="name">The class; null for the only network of the app.</param>
    /// <exception cref="ToolException">There is no such network, or there are several.</exception>
    public string Describe(string? name)
    {
        Type known = _core.GetType(NetworkName, throwOnError: true)!;
        string[] networks = NetworksOf(known);
        string only = name ?? (networks.Length == 1 ? networks[0]
            : throw new ToolException(networks.Length == 0 ? $"'{_path}' has no network." : $"Name one class.{Networks(known)}"));
        Type network = Find(only);
        try
        {
            using var instance = (IDisposable)Activator.CreateInstance(network, OptionsWith(weights: null))!;
            return (string)known.GetMethod(nameof(CompiledNetwork.Summary))!.Invoke(instance, null)!;
        }
        catch (TargetInvocationException exception) when (exception.InnerException is { } cause)
        {
            throw new ToolException(cause.Message);
        }
    }

    /// <summary>The app's NetworkOptions for one thread.</summary>
    private object OptionsWith(string? weights)
    {
        Type options = _core.GetType("Strata.NetworkOptions", throwOnError: true)!;
        object chosen = Activator.CreateInstance(options)!;
        options.GetProperty(nameof(NetworkOptions.Weights))!.SetValue(chosen, weights);
        options.GetProperty(nameof(NetworkOptions.Threads))!.SetValue(chosen, 1);
        return chosen;
    }

    private Type Find(string name)
    {
        Type known = _core.GetType(NetworkName, throwOnError: true)!;
        if (_app.GetType(name) is not { } type)
        {
            throw new ToolException($"'{_path}' has no class '{name}'.{Networks(known)}");
        }

        return known.IsAssignableFrom(type) && !type.IsAbstract
            ? type : throw new ToolException($"'{name}' is no network: it has no [Network] attribute.{Networks(known)}");
    }

    /// <summary>The networks that the app has, for messages.</summary>
    private string Networks(Type known)
    {
        string[] names = NetworksOf(known);
        return names.Length == 0 ? "" : $" Its networks are {string.Join(", ", names)}.";
    }

    private string[] NetworksOf(Type known)
    {
        Type?[] types;
        try
        {
            types = _app.GetTypes();
        }
        catch (ReflectionTypeLoadException exception)
        {
            types = exception.Types;
        }

        return [.. types.Where(type => type is { IsAbstract: false } && known.IsAssignableFrom(type)).Select(type => type!.FullName!)
            .Order(StringComparer.Ordinal)];
    }

    /// <summary>Networks describe themselves to Strata.Onnx, and both must mean the same.</summary>
    private void CheckVersions()
    {
        string core = VersionOf(_core), onnx = VersionOf(_onnx);
        if (core != onnx)
        {
            bool isTools = _onnx.Location == typeof(OnnxFile).Assembly.Location;
            throw new ToolException(isTools
                ? $"'{_path}' uses Strata {core}, but this tool is version {onnx}. Install the tool of that version: "
                    + $"dotnet tool update Strata.Tool --version {core}"
                : $"'{_path}' uses Strata {core} and Strata.Onnx {onnx}. Give both packages one version.");
        }
    }

    private static string VersionOf(Assembly assembly) =>
        assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0]
        ?? assembly.GetName().Version!.ToString(3);

    private sealed class AppContextOf(string path) : AssemblyLoadContext("app", isCollectible: true)
    {
        private readonly AssemblyDependencyResolver _resolver = new(path);
        private readonly string _folder = Path.GetDirectoryName(path)!;

        protected override Assembly? Load(AssemblyName assemblyName)
        {
            string beside = Path.Combine(_folder, assemblyName.Name + ".dll");
            string? found = _resolver.ResolveAssemblyToPath(assemblyName) ?? (File.Exists(beside) ? beside : null);
            found ??= Lent.Contains(assemblyName.Name) ? Path.Combine(AppContext.BaseDirectory, assemblyName.Name + ".dll") : null;

            // The app's Strata, or none: the tool's own would be another.
            return found is not null ? LoadFromAssemblyPath(found)
                : assemblyName.Name == Core ? throw new FileNotFoundException("", assemblyName.Name) : null;
        }

        protected override IntPtr LoadUnmanagedDll(string unmanagedDllName) =>
            _resolver.ResolveUnmanagedDllToPath(unmanagedDllName) is { } found ? LoadUnmanagedDllFromPath(found) : IntPtr.Zero;
    }
}
