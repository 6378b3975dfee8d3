using System;

namespace Strata;

/// <summary>The whole number nearest to each element; of two, the even one: PyTorch's <c>torch.round</c>.</summary>
/// <remarks>
/// <para>Shape: unchanged. Formula: y = round(x). Its derivative is 0.</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class RoundAttribute : LayerAttribute;
