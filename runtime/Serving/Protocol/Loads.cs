using System;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Http;

namespace Strata.Serving.Protocol;

/// <summary>Loads that clients ask for.</summary>
internal static class Loads
{
    /// <summary>Loads a model.</summary>
    /// <exception cref="ProtocolException">Its weights cannot be loaded; it says why.</exception>
    public static async Task LoadAsync(ServedModel model, CancellationToken cancellation)
    {
        try
        {
            await model.LoadAsync(cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (ServedModel.IsAboutWeights(e))
        {
            throw new ProtocolException(
                StatusCodes.Status500InternalServerError, $"The weights of model '{model.Name}' were not loaded: {e.Message}");
        }
    }
}
