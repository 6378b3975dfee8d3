using System;
using System.Collections.Frozen;
using System.Collections.Generic;
using System.Linq;

namespace Strata.Serving;

/// <summary>The models of the app. Take it as a service, for instance to load new weights.</summary>
public sealed class ModelRepository
{
    private readonly FrozenDictionary<string, ServedModel> _models;

    internal ModelRepository(IEnumerable<ServedModel> models)
    {
        Models = [.. models];
        _models = Models.ToFrozenDictionary(model => model.Name, StringComparer.Ordinal);
    }

    /// <summary>All models, in the order in which the app added them.</summary>
    public IReadOnlyList<ServedModel> Models { get; }

    /// <summary>Whether all models that are loaded at the start are ready.</summary>
    public bool IsReady => Models.All(model => model.State == ModelState.Ready || !model.Options.LoadAtStart);

    /// <summary>Finds a model.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>The model; null if there is none of this name.</returns>
    public ServedModel? Find(string name) => _models.GetValueOrDefault(name);
}
