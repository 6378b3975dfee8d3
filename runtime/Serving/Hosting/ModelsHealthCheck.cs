using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Strata.Serving.Hosting;

/// <summary>The health check <c>strata</c>: whether all models are ready.</summary>
internal sealed class ModelsHealthCheck(ModelRepository repository) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(repository.IsReady
            ? HealthCheckResult.Healthy(data: repository.Models.ToDictionary(model => model.Name, model => (object)model.State.ToString()))
            : new HealthCheckResult(context.Registration.FailureStatus, "Not ready: " + string.Join(", ", repository.Models
                .Where(model => model.State != ModelState.Ready && model.Options.LoadAtStart).Select(model => model.Name))));
}
