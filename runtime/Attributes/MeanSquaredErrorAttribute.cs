using System;

namespace Strata;

/// <summary>Mean squared error, for regression: PyTorch's <c>nn.MSELoss</c>.</summary>
/// <remarks>
/// <para>Shape: any. Formula: mean of (x − target)² over all values of all samples.</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class MeanSquaredErrorAttribute : LossAttribute;
