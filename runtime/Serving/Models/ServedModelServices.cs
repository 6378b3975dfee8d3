using System;
using Microsoft.Extensions.Logging;
using Strata.Serving.Batching;

namespace Strata.Serving.Models;

/// <summary>What models have of the app.</summary>
/// <param name="Metrics">The meter.</param>
/// <param name="Time">The clock.</param>
/// <param name="Logger">Where loads are noted.</param>
/// <param name="Root">The folder that files of weights are relative to.</param>
internal sealed record ServedModelServices(ServingMetrics Metrics, TimeProvider Time, ILogger Logger, string Root);
