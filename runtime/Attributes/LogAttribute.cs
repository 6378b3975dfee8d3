using System;

namespace Strata;

/// <summary>The natural logarithm of each element: PyTorch's <c>torch.log</c>.</summary>
/// <remarks>
/// <para>Shape: unchanged. Formula: y = ln x; −∞ at 0, and NaN below. Its derivative is 1/x.</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class LogAttribute : LayerAttribute;
