"""The types in skops files that hold data and do nothing else.

skops knows scikit-learn's public estimators; it asks about the rest. What stands here was found by saving all estimators
of scikit-learn 1.9, and looked at one by one: classes whose making runs no code that a file could choose, and functions
of numbers alone. A whole package is never trusted: many of its modules have others' functions among their names.
"""

from __future__ import annotations

_SKLEARN = """
_loss.loss.HalfTweedieLoss _loss.loss.HalfTweedieLossIdentity
calibration._CalibratedClassifier calibration._SigmoidCalibration
cluster._bisect_k_means._BisectingTree cluster._kmeans._kmeans_single_elkan cluster._kmeans._kmeans_single_lloyd
ensemble._hist_gradient_boosting.predictor.TreePredictor
feature_selection._univariate_selection.chi2 feature_selection._univariate_selection.f_classif
feature_selection._univariate_selection.f_regression
gaussian_process._gpc._BinaryGaussianProcessClassifierLaplace
gaussian_process.kernels.CompoundKernel gaussian_process.kernels.ConstantKernel gaussian_process.kernels.DotProduct
gaussian_process.kernels.ExpSineSquared gaussian_process.kernels.Exponentiation gaussian_process.kernels.Hyperparameter
gaussian_process.kernels.Matern gaussian_process.kernels.PairwiseKernel gaussian_process.kernels.Product
gaussian_process.kernels.RBF gaussian_process.kernels.RationalQuadratic gaussian_process.kernels.Sum
gaussian_process.kernels.WhiteKernel
metrics._classification.accuracy_score metrics._classification.balanced_accuracy_score
metrics._classification.f1_score metrics._classification.log_loss metrics._classification.precision_score
metrics._classification.recall_score metrics._ranking.average_precision_score metrics._ranking.roc_auc_score
metrics._regression.mean_absolute_error metrics._regression.mean_squared_error metrics._regression.r2_score
metrics._regression.root_mean_squared_error
metrics._dist_metrics.ChebyshevDistance64 metrics._dist_metrics.EuclideanDistance64
metrics._dist_metrics.HammingDistance64 metrics._dist_metrics.HaversineDistance64
metrics._dist_metrics.ManhattanDistance64 metrics._dist_metrics.MinkowskiDistance64
metrics._scorer._CurveScorer metrics._scorer._PassthroughScorer metrics._scorer._Scorer
model_selection._split.GroupKFold model_selection._split.GroupShuffleSplit model_selection._split.KFold
model_selection._split.LeaveOneOut model_selection._split.RepeatedKFold
model_selection._split.RepeatedStratifiedKFold model_selection._split.ShuffleSplit
model_selection._split.StratifiedGroupKFold model_selection._split.StratifiedKFold
model_selection._split.StratifiedShuffleSplit model_selection._split.TimeSeriesSplit
multiclass._ConstantPredictor neighbors._ball_tree.BallTree neighbors._kd_tree.KDTree
neural_network._stochastic_optimizers.AdamOptimizer neural_network._stochastic_optimizers.SGDOptimizer
tree._tree.Tree utils._bunch.Bunch
utils._metadata_requests.MetadataRequest utils._metadata_requests.MethodMetadataRequest
"""

_OTHERS = """
builtins.bytearray builtins.complex builtins.frozenset builtins.slice
collections.OrderedDict collections.defaultdict collections.deque
lightgbm.basic.Booster lightgbm.sklearn.LGBMClassifier lightgbm.sklearn.LGBMModel
lightgbm.sklearn.LGBMRanker lightgbm.sklearn.LGBMRegressor
numpy.dtype numpy.mean numpy.median
scipy.interpolate._bsplines.BSpline
scipy.sparse._csc.csc_array scipy.sparse._csc.csc_matrix scipy.sparse._csr.csr_array scipy.sparse._csr.csr_matrix
xgboost.core.Booster xgboost.sklearn.XGBClassifier xgboost.sklearn.XGBModel
xgboost.sklearn.XGBRFClassifier xgboost.sklearn.XGBRFRegressor xgboost.sklearn.XGBRanker xgboost.sklearn.XGBRegressor
"""

HARMLESS = frozenset({*(f"sklearn.{name}" for name in _SKLEARN.split()), *_OTHERS.split()})
