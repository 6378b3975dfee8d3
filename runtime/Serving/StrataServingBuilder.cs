using System;
using System.Linq;
using Microsoft.Extensions.DependencyInjection;
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
        Services.AddSingleton(new ModelRegistration(
            name, services => new ServedModel(name, NetworkInfo.Of<TNetwork>(), TNetwork.Create, options, services)));
        Services.AddKeyedSingleton<IInference<TNetwork>>(
            name, (services, _) => new Inference<TNetwork>(services.GetRequiredService<ModelRepository>().Find(name)!));
        Services.AddSingleton<IInference<TNetwork>>(services => services.GetRequiredKeyedService<IInference<TNetwork>>(name));
        return this;
    }
}
