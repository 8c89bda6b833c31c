namespace Palate.Hosting;

/// <summary>What a learned weight and rule bring on queries that neither has seen.</summary>
/// <param name="Requests">How many queries had a relevant candidate.</param>
/// <param name="Asked">For how many of them the model would be asked.</param>
/// <param name="BaseNdcg">NDCG of the base on them, among the candidates that the model saw.</param>
/// <param name="Gain">The mean gain in NDCG over the base.</param>
/// <param name="GainInterval">Its interval by the paired bootstrap.</param>
internal sealed record ReportedGain(int Requests, int Asked, double BaseNdcg, double Gain, MetricInterval GainInterval);
