using System;
using System.IO;
using System.Linq;
using Microsoft.Extensions.DependencyInjection;
using Strata.Onnx;
using Strata.Serving.Hosting;
using Strata.Serving.Models;

namespace Strata.Serving;

/// <summary>Adds models to the server; see <see cref="StrataServiceCollectionExtensions.AddStrata"/>.</summary>
public sealed class StrataServingBuilder
{
    internal StrataServingBuilder(IServiceCollection services) => Services = services;

    /// <summary>The app's services.</summary>
    public IServiceCollection Services { get; }

    /// <summary>Serves a network.</summary>
    /// <typeparam name="TNetwork">The class of the network.</typeparam>
    /// <param name="name">The name under which clients ask for it: letters, digits and <c>. _ -</c>.</param>
    /// <param name="configure">Weights, batches, the queue.</param>
    /// <returns>The builder, for the next model.</returns>
    /// <exception cref="ArgumentException">The name is taken, or has other characters.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public StrataServingBuilder AddModel<TNetwork>(string name, Action<ModelOptions>? configure = null)
        where TNetwork : CompiledNetwork, INetwork<TNetwork>
    {
        ModelOptions options = OptionsOf(name, configure);
        Services.AddSingleton(new ModelRegistration(
            name, services => new ServedModel(name, NetworkInfo.Of<TNetwork>(), TNetwork.Create, options, services)));
        Services.AddKeyedSingleton<IInference<TNetwork>>(
            name, (services, _) => new Inference<TNetwork>(services.GetRequiredService<ModelRepository>().Find(name)!));
        Services.AddSingleton<IInference<TNetwork>>(services => services.GetRequiredKeyedService<IInference<TNetwork>>(name));
        return this;
    }

    /// <summary>
    /// Serves an ONNX file, which is compiled when it is loaded. If it changes, it is loaded again
    /// (<see cref="ModelOptions.WatchInterval"/>): with other weights or other layers, but the same inputs and outputs. Data files beside
    /// it are not watched.
    /// </summary>
    /// <param name="name">The name under which clients ask for it: letters, digits and <c>. _ -</c>.</param>
    /// <param name="path">The file, relative to the app's content root. It must be there when the app starts.</param>
    /// <param name="configure">Batches, the queue, threads. <see cref="ModelOptions.Weights"/> and <c>Seed</c> stay null.</param>
    /// <param name="import">The shapes of open inputs, where the network ends; null for the defaults.</param>
    /// <param name="compile">
    /// How it is compiled, and which other sizes requests may have: <see cref="CompileOptions.Sizes"/>, which are compiled when the file is
    /// loaded, or <see cref="CompileOptions.SizeMultiple"/> of more than 1, which is compiled for each size when it first comes. By default
    /// requests have the size of <paramref name="import"/>.
    /// </param>
    /// <returns>The builder, for the next model. In the process, <see cref="ModelRepository.Find"/> has it.</returns>
    /// <exception cref="ArgumentException">The name is taken, or has other characters. Or weights or a seed are given.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <exception cref="PlatformNotSupportedException">
    /// No code can be made here (<see cref="NetworkCompiler.IsSupported"/>).
    /// </exception>
    public StrataServingBuilder AddOnnx(
        string name, string path, Action<ModelOptions>? configure = null, OnnxImportOptions? import = null, CompileOptions? compile = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ModelOptions options = OptionsOf(name, configure);
        if (options is { Weights: not null } or { Seed: not null })
        {
            throw new ArgumentException($"Model '{name}' has the weights of '{path}'; Weights and Seed must stay null.", nameof(configure));
        }

        if (!NetworkCompiler.IsSupported)
        {
            throw new PlatformNotSupportedException(
                $"Model '{name}' cannot be compiled: this process makes no code at run time. Import '{path}' as a class, and AddModel it.");
        }

        options.Weights = path;
        OnnxImportOptions imported = import ?? new OnnxImportOptions();
        CompileOptions compiled = OnnxModel.OptionsOf(compile ?? new CompileOptions());
        Services.AddSingleton(new ModelRegistration(name, services =>
        {
            NetworkInfo info = OnnxModel.ReadInfo(Path.GetFullPath(path, services.Root), imported);
            return new ServedModel(name, info, network => OnnxModel.Load(network, imported, compiled, info), options, services);
        }));
        return this;
    }

    private ModelOptions OptionsOf(string name, Action<ModelOptions>? configure)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (!name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-'))
        {
            throw new ArgumentException($"The name of a model has letters, digits, '.', '_' and '-' only, not '{name}'.", nameof(name));
        }

        if (Services.Any(service => service.ServiceType == typeof(ModelRegistration)
            && ((ModelRegistration)service.ImplementationInstance!).Name == name))
        {
            throw new ArgumentException($"There is a model '{name}' already.", nameof(name));
        }

        var options = new ModelOptions();
        configure?.Invoke(options);
        options.Validate(name);
        return options;
    }
}
